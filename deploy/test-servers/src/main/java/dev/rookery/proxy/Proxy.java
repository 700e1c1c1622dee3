package dev.rookery.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The road from one process to another: passes TCP connections on, until it is told to do otherwise.
public final class Proxy implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Proxy.class);
    private static final int CONNECT_MILLIS = 2_000;

    private final int port;
    private final int targetPort;
    private final Set<Passage> open = ConcurrentHashMap.newKeySet();
    private volatile Weather weather = Weather.FAIR;
    private @Nullable Door door;

    private record Door(ServerSocket socket, CompletableFuture<Void> kept) {

        /// The system keeps the port open for as long as anybody is still accepting on it.
        void close() throws IOException {
            socket.close();
            kept.join();
        }
    }

    public Proxy(int port, int targetPort) throws IOException {
        this.port = port;
        this.targetPort = targetPort;
        listen();
    }

    public int port() {
        return port;
    }

    /// Connections that are open now.
    public int connections() {
        return open.size();
    }

    /// Resets what is open; new connections are welcome.
    public void cut() {
        open.forEach(Passage::cut);
    }

    /// Refuses new connections, and resets what is open.
    public synchronized void refuse() throws IOException {
        if (door != null) {
            door.close();
            door = null;
        }
        cut();
    }

    /// Lets connections stay open, and be opened, while nothing that is sent arrives, nor any end.
    public void swallow() {
        weather = new Weather(true, Duration.ZERO);
    }

    /// What is open now leads nowhere any more, without an end, as if the host on the other side had gone. New
    /// connections are welcome.
    public void lose() {
        open.forEach(Passage::lose);
    }

    /// Holds up each piece, of at most 64 KiB, in each direction for so long.
    public void delay(Duration each) {
        weather = new Weather(false, each);
    }

    /// As at the beginning. Connections that have lost bytes are reset.
    public synchronized void resume() throws IOException {
        weather = Weather.FAIR;
        open.stream().filter(Passage::isMaimed).forEach(Passage::cut);
        if (door == null) {
            listen();
        }
    }

    @Override
    public void close() throws IOException {
        refuse();
    }

    private void listen() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        door = new Door(listening, CompletableFuture.runAsync(() -> accept(listening), Thread::startVirtualThread));
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                log.trace("no longer listening", closed);
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException unreachable) {
            Passage.reset(client);
            Passage.reset(server);
            return;
        }
        admit(client, server);
    }

    /// Not while the door is being closed, or the connection would outlast that.
    private synchronized void admit(Socket client, Socket server) {
        if (door == null) {
            Passage.reset(client);
            Passage.reset(server);
            return;
        }
        Passage[] self = new Passage[1];
        Passage passage = new Passage(client, server, () -> weather, () -> open.remove(self[0]));
        self[0] = passage;
        open.add(passage);
        passage.open();
    }
}
