package dev.rookery.standalone;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/// Where clients connect to.
///
/// @param port 0 for any free one
record PublicAddress(String host, int port) {

    /// Asked before anything is started, because the answer would come last.
    ///
    /// @throws StartFailedException when nothing can listen there
    void requireFree() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException unknown) {
            throw new StartFailedException("The address " + host + " is unknown", unknown);
        } catch (BindException taken) {
            throw new StartFailedException(
                    "Port %d of %s cannot be had: %s. Another one is chosen with --relay.port"
                            .formatted(port, host, taken.getMessage()),
                    taken);
        }
    }

    PublicAddress withPort(int taken) {
        return new PublicAddress(host, taken);
    }

    /// As a URL names it; an address for all interfaces is reached by loopback too.
    String authority() {
        String shown = switch (host) {
            case "0.0.0.0", "::" -> "127.0.0.1";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
        return shown + ":" + port;
    }
}
