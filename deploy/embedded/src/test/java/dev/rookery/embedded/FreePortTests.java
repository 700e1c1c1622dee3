package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FreePortTests {

    @RepeatedTest(50)
    void isNoneOfThoseThatOutgoingConnectionsGet() throws Exception {
        int port = FreePort.orChosen(0);

        assertThat(port).isBetween(FreePort.FIRST, FreePort.LAST);
        try (ServerSocket listening = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(listening.isBound()).isTrue();
        }
    }

    @Test
    void isTheOneThatIsAskedFor() throws Exception {
        assertThat(FreePort.orChosen(7)).isEqualTo(7);
    }
}
