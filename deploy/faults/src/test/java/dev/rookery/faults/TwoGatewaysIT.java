package dev.rookery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.faults.cluster.Cluster;
import dev.rookery.faults.cluster.ClusterExtension;
import dev.rookery.signature.SchnorrSigner;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What one gateway takes, the other serves.
@ExtendWith(ClusterExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class TwoGatewaysIT {

    private final Cluster cluster;
    private final SchnorrSigner author = author();

    TwoGatewaysIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void deliversAtOneGatewayWhatIsPublishedAtTheOther() throws Exception {
        Event event = Event.of(author, Instant.now().getEpochSecond(), 1, List.of(), "across");
        try (RelayClient listening = new RelayClient(cluster.gateways().getLast());
                RelayClient publishing = new RelayClient(cluster.gateways().getFirst())) {
            listening.send("[\"REQ\",\"s\",{\"ids\":[\"" + event.id() + "\"]}]");
            assertThat(listening.take().get(0).asString()).isEqualTo("EOSE");

            assertThat(publishing.publish(event.toString())).isEqualTo(new RelayClient.Ok(true, ""));

            JsonNode delivered = listening.take();
            assertThat(delivered.get(0).asString()).isEqualTo("EVENT");
            assertThat(delivered.get(2)).isEqualTo(RelayClient.parse(event.toString()));
        }
    }

    private static SchnorrSigner author() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        secret[0] = 1;
        return new SchnorrSigner(secret);
    }
}
