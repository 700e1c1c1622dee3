package dev.rookery.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.link.LinkTargets.Target;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTargetsTests {

    private static final int GATEWAYS = 3_000;
    private static final List<String> NAMES = List.of("10.0.0.1:7781", "10.0.0.2:7781", "10.0.0.3:7781");

    private final Random random = new Random(7);
    private final List<String> gateways = IntStream.range(0, GATEWAYS)
            .mapToObj(i -> new UUID(random.nextLong(), random.nextLong()).toString())
            .toList();

    @Test
    void spreadsGatewaysEvenly() {
        assertThat(firsts(NAMES).values()).hasSize(3).allMatch(count -> count > GATEWAYS / 4 && count < GATEWAYS / 2);
    }

    @Test
    void spreadsThoseOfAnInstanceThatGoesOverAllThatStay() {
        Map<String, Long> before = firsts(NAMES);
        firsts(NAMES.subList(0, 2))
                .forEach((host, count) -> assertThat(count - before.get(host)).isGreaterThan(GATEWAYS / 8));
    }

    /// How many gateways have each instance in the first place.
    private Map<String, Long> firsts(List<String> names) {
        return gateways.stream()
                .map(gateway -> first(names, gateway))
                .collect(Collectors.groupingBy(Target::host, Collectors.counting()));
    }

    private static Target first(List<String> names, String gateway) {
        try {
            return new LinkTargets(names, gateway).ranked().getFirst();
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
