package dev.rookery.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A port of the loopback interface that nobody listens on at the moment of asking, and that is given to nobody else
/// before this process ends.
///
/// Whoever asked may listen on it many seconds later, or stop listening for a while. So it is none of those that the
/// system gives to outgoing connections, of which there may be hundreds meanwhile (from 32768 on with Linux, 49152
/// with others). And other processes of the same user that ask here are told by a lock on the byte of that number, in
/// a file for all of them: the system lifts it with the end of the process, however that comes.
public final class FreePort {

    static final int FIRST = 16_384;
    static final int LAST = 32_767;

    private static final int ATTEMPTS = 1_000;

    private static final Map<Integer, FileLock> GIVEN = new ConcurrentHashMap<>();
    private static final @Nullable FileChannel GIVEN_BY_ALL = file();

    private FreePort() {}

    /// @param port the one to take, 0 for any free one
    public static int orChosen(int port) throws IOException {
        return port == 0 ? chosen() : port;
    }

    private static int chosen() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (take(port)) {
                return port;
            }
        }
        throw new BindException("no port from " + FIRST + " to " + LAST + " is free");
    }

    static boolean take(int port) throws IOException {
        if (GIVEN_BY_ALL == null) {
            return isFree(port);
        }
        FileLock lock = lock(GIVEN_BY_ALL, port);
        if (lock == null) {
            return false;
        }
        if (!isFree(port)) {
            lock.release();
            return false;
        }
        // For as long as the process lives: a lock that nobody refers to is forgotten.
        GIVEN.put(port, lock);
        return true;
    }

    private static @Nullable FileLock lock(FileChannel file, int port) throws IOException {
        try {
            return file.tryLock(port, 1, false);
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }

    /// Nothing where there can be no such file: then it is only seen who listens.
    private static @Nullable FileChannel file() {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "rookery-ports-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException unwritable) {
            return null;
        }
    }
}
