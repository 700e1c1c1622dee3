package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame.Completeness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// NIP-67: what EOSE says beside the subscription's id, where it is switched on.
@Timeout(60)
class EoseHintTests {

    @Test
    void saysWhetherThereIsMoreThanWasSent() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = started(services, "--relay.subscriptions.eose-hints=true")) {
            assertThat(nips(gateway)).contains(67);
            try (RawClient client = gateway.client()) {
                services.completeness = Completeness.FINISHED;
                client.text("[\"REQ\",\"a\",{}]");
                assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\",[\"finish\"]]");
                services.completeness = Completeness.MORE;
                client.text("[\"REQ\",\"b\",{}]");
                assertThat(client.message()).isEqualTo("[\"EOSE\",\"b\",[\"more\"]]");
                services.completeness = Completeness.UNKNOWN;
                client.text("[\"REQ\",\"c\",{}]");
                assertThat(client.message()).isEqualTo("[\"EOSE\",\"c\"]");
            }
        }
    }

    /// "limit:0" asks for nothing stored, so nothing is said of it.
    @Test
    void saysNothingWhereNothingStoredIsAskedFor() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = started(services, "--relay.subscriptions.eose-hints=true");
                RawClient client = gateway.client()) {
            services.completeness = Completeness.FINISHED;
            client.text("[\"REQ\",\"a\",{\"limit\":0}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\"]");
        }
    }

    @Test
    void isAsBeforeWhereItIsNotSwitchedOn() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = started(services, "--relay.limits.enabled=false");
                RawClient client = gateway.client()) {
            services.completeness = Completeness.FINISHED;
            client.text("[\"REQ\",\"a\",{}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"a\"]");
            assertThat(services.queries.take().completeness()).isFalse();
            assertThat(nips(gateway)).doesNotContain(67);
        }
    }

    private static RunningGateway started(FakeServices services, String setting) throws Exception {
        return RunningGateway.startLinked(services, setting);
    }

    private static Iterable<Integer> nips(RunningGateway gateway) throws Exception {
        return gateway.document()
                .get("supported_nips")
                .valueStream()
                .map(JsonNode::asInt)
                .toList();
    }
}
