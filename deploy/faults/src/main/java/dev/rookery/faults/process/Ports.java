package dev.rookery.faults.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// Free ports of the loopback interface, each given once.
///
/// They lie below those which the system gives to outgoing connections: a process that is down for a while must find
/// its port free again, and whoever dials it meanwhile must not be connected to himself.
public final class Ports {

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    /// @throws IOException when none is found
    public synchronized int next() throws IOException {
        for (int tries = 0; tries < 1_000; tries++) {
            int port = random.nextInt(LOWEST, HIGHEST);
            if (given.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IOException("No free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
