package dev.rookery.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A port of the loopback interface that nobody listens on at the moment of asking; somebody may a moment later.
public final class FreePort {

    private FreePort() {}

    /// @param port the one to take, 0 for any free one
    public static int orChosen(int port) throws IOException {
        if (port != 0) {
            return port;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
