package dev.rookery.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@Timeout(30)
final class SettingsCheckTests {

    private static final KnownSettings KNOWN = new KnownSettings(
            Set.of("relay.port", "relay.limits.max-limit", "relay.links.query", "relay.kafka.client.*"),
            new SettingsMetadata(SettingsCheckTests.class.getClassLoader()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.port",
                "relay.limits.max-limit",
                "relay.limits.maxLimit",
                "relay.limits.max_limit",
                "relay.links.query",
                "relay.links.query[1]",
                "relay.kafka.client.security.protocol",
                "relay.kafka.client[security.protocol]"
            })
    void knowsASettingInEveryWayThatItCanBeWritten(String name) {
        check(new MapPropertySource("file", Map.of(name, "1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RELAY_PORT",
                "RELAY_LIMITS_MAXLIMIT",
                "RELAY_LIMITS_MAX_LIMIT",
                "RELAY_LINKS_QUERY_0",
                "RELAY_KAFKA_CLIENT_SECURITY_PROTOCOL"
            })
    void knowsAVariableInEveryWayThatItCanBeWritten(String name) {
        check(new SystemEnvironmentPropertySource("variables", Map.of(name, "1")));
    }

    @Test
    void namesTheUnknownSettingAndTheClosestKnownOne() {
        assertThatThrownBy(() -> check(new MapPropertySource("file", Map.of("relay.prot", "1"))))
                .isInstanceOf(UnknownSettingException.class)
                .hasMessage("relay.prot is no setting, perhaps relay.port is meant");
        assertThatThrownBy(() -> check(new SystemEnvironmentPropertySource("variables", Map.of("RELAY_PROT", "1"))))
                .hasMessage("RELAY_PROT is no setting, perhaps RELAY_PORT is meant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"relay.port.number", "relay.limits", "relay.limits.max.limit", "Relay.Prot", "relay.kafka.client"
            })
    void refusesWhatOnlyLooksLikeASetting(String name) {
        assertThatThrownBy(() -> check(new MapPropertySource("file", Map.of(name, "1"))))
                .hasMessageContaining(name + " is no setting");
    }

    @Test
    void leavesOtherSettingsAlone() {
        check(new MapPropertySource("file", Map.of("relays.port", "1", "server.port", "1")));
        check(new SystemEnvironmentPropertySource("variables", Map.of("RELAYED", "1", "PATH", "1")));
    }

    @Test
    void knowsTheSettingsThatAServiceOnTheClassPathDescribes() {
        Set<String> keys = new SettingsMetadata(SettingsCheckTests.class.getClassLoader()).keys();

        assertThat(keys).contains("relay.probe.bound", "relay.probe.names", "relay.probe.labels.*");
        assertThatCode(() -> check(new MapPropertySource("file", Map.of("relay.probe.bound", "1s"))))
                .doesNotThrowAnyException();
    }

    private static void check(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(source);
        SettingsCheck.check(environment, KNOWN);
    }
}
