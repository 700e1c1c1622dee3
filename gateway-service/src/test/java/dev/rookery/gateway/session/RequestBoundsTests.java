package dev.rookery.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.json.MalformedMessageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What the open subscriptions of one connection, and of one address, may weigh together.
@Timeout(30)
class RequestBoundsTests {

    private static final AddressBlock HERE = AddressBlock.of(InetAddress.getLoopbackAddress());
    private static final String TOO_HEAVY =
            "rate-limited: the filters of all open subscriptions have too many values together";

    private static RequestBounds.OfAll bounds(String... settings) {
        Map<String, String> map = Arrays.stream(settings)
                .collect(Collectors.toMap(s -> "relay.limits." + s.split("=", 2)[0], s -> s.split("=", 2)[1]));
        LimitsProperties limits = new Binder(new MapConfigurationPropertySource(map))
                .bindOrCreate("relay.limits", Bindable.of(LimitsProperties.class));
        return new RequestBounds.OfAll(limits, () -> 0, new SessionMeters(new SimpleMeterRegistry()));
    }

    /// One filter that weighs so much.
    private static List<Filter> weighing(int weight) throws MalformedMessageException {
        String values = IntStream.range(1, weight).mapToObj("\"%d\""::formatted).collect(Collectors.joining(","));
        List<Filter> filters = FilterReader.readAll(("[{\"#t\":[" + values + "]}]").getBytes(UTF_8));
        assertThat(filters.getFirst().weight()).isEqualTo(weight);
        return filters;
    }

    private static @Nullable String open(RequestBounds bounds, String id, int weight) throws MalformedMessageException {
        List<Filter> filters = weighing(weight);
        return bounds.isTooFast(filters) ? "too fast" : bounds.refuse(id, filters);
    }

    @Test
    void boundsWhatAllOpenSubscriptionsOfAConnectionWeigh() throws MalformedMessageException {
        RequestBounds one = new RequestBounds(bounds("subscription-weight=100"), HERE, () -> {});
        assertThat(open(one, "a", 60)).isNull();
        assertThat(open(one, "b", 41)).isEqualTo(TOO_HEAVY);
        assertThat(open(one, "b", 40)).isNull();
        one.closed("a");
        one.closed("a");
        one.closed("never opened");
        assertThat(open(one, "c", 61)).isEqualTo(TOO_HEAVY);
        assertThat(open(one, "c", 60)).isNull();
    }

    @Test
    void boundsWhatAllConnectionsOfAnAddressWeighUnlessThatIsLifted() throws MalformedMessageException {
        for (boolean enabled : List.of(true, false)) {
            var all = bounds("subscription-weight-per-address=100", "enabled=" + enabled);
            RequestBounds one = new RequestBounds(all, HERE, () -> {});
            RequestBounds two = new RequestBounds(all, HERE, () -> {});
            assertThat(open(one, "a", 60)).isNull();
            assertThat(open(two, "a", 60)).isEqualTo(enabled ? TOO_HEAVY : null);
            one.closed("a");
            two.closed("a");
            assertThat(open(two, "b", 60)).isNull();
            two.closed("b");
            assertThat(all.weights().keys()).isZero();
        }
    }

    /// 1,000 authors, each with four kinds, are 4,000 places in the index.
    @Test
    void countsPairsOfAuthorAndKind() throws MalformedMessageException {
        RequestBounds one = new RequestBounds(bounds("subscription-weight=4999"), HERE, () -> {});
        String authors =
                IntStream.range(0, 1_000).mapToObj("\"%064x\""::formatted).collect(Collectors.joining(","));
        String filter = "[{\"authors\":[" + authors + "],\"kinds\":[1,2,3,4]}]";
        assertThat(one.refuse("a", FilterReader.readAll(filter.getBytes(UTF_8))))
                .isEqualTo(TOO_HEAVY);
    }

    /// However often it is opened and closed again.
    @Test
    void aHeavyRequestCountsAsSeveral() throws MalformedMessageException {
        AtomicInteger told = new AtomicInteger();
        RequestBounds one = new RequestBounds(
                bounds("requests-per-connection=1 per minute, burst 10"), HERE, told::incrementAndGet);
        assertThat(open(one, "a", 2_400)).as("counts as 5").isNull();
        assertThat(told).hasValue(0);
        one.closed("a");
        assertThat(open(one, "a", 2_500)).as("counts as 6").isEqualTo("too fast");
        assertThat(open(one, "a", 2_400)).isNull();
        one.closed("a");
        assertThat(open(one, "a", 1)).isEqualTo("too fast");
        assertThat(told).hasValue(2);
    }

    @Test
    void boundsTheNumberOfSubscriptions() throws MalformedMessageException {
        RequestBounds one = new RequestBounds(bounds("subscriptions=2"), HERE, () -> {});
        assertThat(open(one, "a", 1)).isNull();
        assertThat(open(one, "b", 1)).isNull();
        assertThat(open(one, "c", 1)).isEqualTo("rate-limited: no more than 2 subscriptions at a time");
        one.closed("b");
        assertThat(open(one, "c", 1)).isNull();
    }
}
