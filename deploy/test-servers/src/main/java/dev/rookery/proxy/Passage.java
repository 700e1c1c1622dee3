package dev.rookery.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One connection through a proxy, as two sockets with a thread for each direction.
final class Passage {

    private static final int PIECE_BYTES = 64 * 1024;

    private final Socket client;
    private final Socket server;
    private final Supplier<Weather> weather;
    private final Runnable whenOver;
    private volatile boolean maimed;

    Passage(Socket client, Socket server, Supplier<Weather> weather, Runnable whenOver) {
        this.client = client;
        this.server = server;
        this.weather = weather;
        this.whenOver = whenOver;
    }

    void open() {
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
    }

    /// Whether it has lost bytes, after which it can only be cut.
    boolean isMaimed() {
        return maimed;
    }

    /// Nothing of what is sent from now on arrives, nor an end.
    void lose() {
        maimed = true;
    }

    private boolean swallows() {
        return maimed || weather.get().swallows();
    }

    /// Both sides see a reset.
    void cut() {
        reset(client);
        reset(server);
        whenOver.run();
    }

    /// Both sides have said all, which is left to arrive.
    private void end() throws IOException {
        client.close();
        server.close();
        whenOver.run();
    }

    private void carry(Socket from, Socket to) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                pass(piece, read, out);
            }
            if (swallows()) {
                maimed = true;
                return;
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end();
            }
        } catch (IOException broken) {
            if (swallows()) {
                maimed = true;
            } else {
                cut();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            cut();
        }
    }

    private void pass(byte[] piece, int length, OutputStream out) throws IOException, InterruptedException {
        Weather now = weather.get();
        if (now.delay().isPositive()) {
            TimeUnit.NANOSECONDS.sleep(now.delay().toNanos());
        }
        if (swallows()) {
            maimed = true;
        } else {
            out.write(piece, 0, length);
        }
    }

    /// With a lingering time of zero the system sends RST instead of FIN.
    static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closedAlready) {
            // Then nothing is left to do.
        }
    }
}
