package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
    void isGivenOnce() throws Exception {
        int port = FreePort.orChosen(0);

        assertThat(FreePort.take(port)).isFalse();
    }

    /// Who asks may not listen yet.
    @Test
    void isNotGivenToAnotherProcessUntilThisOneEnds() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName())
                .start();
        try (BufferedReader said = other.inputReader()) {
            int port = Integer.parseInt(said.readLine());
            assertThat(FreePort.take(port)).isFalse();

            other.destroyForcibly().waitFor();
            assertThat(FreePort.take(port)).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    /// Says which port it got, and waits to be ended.
    public static final class Asking {

        private Asking() {}

        public static void main(String[] args) throws Exception {
            System.out.println(FreePort.orChosen(0));
            Thread.currentThread().join();
        }
    }

    @Test
    void isTheOneThatIsAskedFor() throws Exception {
        assertThat(FreePort.orChosen(7)).isEqualTo(7);
    }
}
