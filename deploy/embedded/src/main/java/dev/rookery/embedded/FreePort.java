package dev.rookery.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A port of the loopback interface that nobody listens on at the moment of asking.
///
/// It is not held until whoever asked listens on it, which may be many seconds later. So it is none of those that the
/// system gives to outgoing connections, of which there may be hundreds meanwhile (from 32768 on with Linux, 49152
/// with others).
public final class FreePort {

    static final int FIRST = 16_384;
    static final int LAST = 32_767;

    private static final int ATTEMPTS = 1_000;

    private FreePort() {}

    /// @param port the one to take, 0 for any free one
    public static int orChosen(int port) throws IOException {
        return port == 0 ? chosen() : port;
    }

    private static int chosen() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new BindException("no port from " + FIRST + " to " + LAST + " is free");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}
