package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

@Timeout(30)
class WiringTests {

    private static final StandaloneProperties PROPERTIES = new StandaloneProperties(
            Path.of("data"), "127.0.0.1", 7_777, Duration.ofSeconds(60), Duration.ofSeconds(30));

    @Test
    void leavesThePortsAsTheyAreSetAndLeadsTheGatewayThere() throws Exception {
        Wiring wiring = wiring(Map.of("relay.query.port", "7001", "relay.gateway.actuator-port", "7002"));

        assertThat(setting(wiring, Service.QUERY, "relay.query.port")).isEqualTo("7001");
        assertThat(setting(wiring, Service.GATEWAY, "relay.links.query")).isEqualTo("127.0.0.1:7001");
        assertThat(setting(wiring, Service.GATEWAY, "relay.gateway.actuator-port"))
                .isEqualTo("7002");
    }

    @Test
    void choosesThePortsThatAreNotSet() throws Exception {
        Wiring wiring = wiring(Map.of("relay.indexer.port", "0"));

        assertThat(setting(wiring, Service.INDEXER, "relay.indexer.port")).matches("[1-9]\\d+");
        assertThat(setting(wiring, Service.GATEWAY, "relay.links.broadcast"))
                .isEqualTo("127.0.0.1:" + setting(wiring, Service.BROADCAST, "relay.broadcast.port"));
    }

    @Test
    void isAboveAllElseThatIsSet() throws Exception {
        Wiring wiring = wiring(Map.of("relay.redis.url", "redis://elsewhere", "relay.indexer.address", "0.0.0.0"));

        assertThat(setting(wiring, Service.GATEWAY, "relay.redis.url")).isEqualTo(Stores.TO_COME.redisUrl());
        assertThat(setting(wiring, Service.INDEXER, "relay.indexer.address")).isEqualTo("127.0.0.1");
    }

    private static Wiring wiring(Map<String, Object> set) throws Exception {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("set by the operator", set));
        return Wiring.toCome(PROPERTIES, environment);
    }

    private static String setting(Wiring wiring, Service service, String key) {
        return wiring.environmentOf(service).getRequiredProperty(key);
    }
}
