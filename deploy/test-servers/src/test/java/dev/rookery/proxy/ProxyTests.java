package dev.rookery.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.embedded.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProxyTests {

    private static final int BOUND_MILLIS = 20_000;

    private ServerSocket echo;
    private Proxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = new Proxy(FreePort.orChosen(0), echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBothWaysAndTheEnd() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, 7)).isEqualTo(7);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void cutsWhatIsOpenAndWelcomesWhatIsNew() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, 1)).isEqualTo(1);
            proxy.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket again = connect()) {
            assertThat(echoed(again, 2)).isEqualTo(2);
        }
    }

    @Test
    void losesWhatIsOpenWithoutAnEndAndWelcomesWhatIsNew() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, 1)).isEqualTo(1);
            proxy.lose();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> echoed(client, 2)).isInstanceOf(SocketTimeoutException.class);
            try (Socket again = connect()) {
                assertThat(echoed(again, 3)).isEqualTo(3);
            }
        }
    }

    @Test
    void refusesUntilItResumes() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, 1)).isEqualTo(1);
            proxy.refuse();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

        proxy.resume();

        try (Socket again = connect()) {
            assertThat(echoed(again, 2)).isEqualTo(2);
        }
    }

    @Test
    void swallowsWithoutAnEndAndCutsWhatHasLostBytesWhenItResumes() throws IOException {
        try (Socket client = connect();
                Socket idle = connect()) {
            assertThat(echoed(client, 1)).isEqualTo(1);
            assertThat(echoed(idle, 1)).isEqualTo(1);
            proxy.swallow();
            client.setSoTimeout(300);
            assertThatThrownBy(() -> echoed(client, 2)).isInstanceOf(SocketTimeoutException.class);

            proxy.resume();

            client.setSoTimeout(BOUND_MILLIS);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(echoed(idle, 3)).isEqualTo(3);
        }
    }

    @Test
    void delaysEachPiece() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, 1)).isEqualTo(1);
            proxy.delay(Duration.ofMillis(100));
            long begin = System.nanoTime();
            assertThat(echoed(client, 2)).isEqualTo(2);
            assertThat(System.nanoTime() - begin)
                    .as("there and back")
                    .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void resetsAConnectionWhoseServerIsGone() throws IOException {
        echo.close();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> echoed(client, 1)).isInstanceOf(SocketException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(BOUND_MILLIS);
        return socket;
    }

    private static int echoed(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        int echoed = client.getInputStream().read();
        if (echoed < 0) {
            throw new SocketException("ended");
        }
        return echoed;
    }

    private void serve() {
        try {
            while (true) {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> echo(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException closed) {
            // So is the client.
        }
    }
}
