package dev.rookery.gateway.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The other end of links, over blocking sockets, which can behave as no sound service would.
final class ScriptedService implements AutoCloseable {

    enum Manner {
        /// Beats, and answers pings.
        SOUND,
        /// Its transport answers pings, and nothing else comes.
        STUCK,
        /// Nothing comes at all, as when the way there is cut without anyone being told.
        HALF_OPEN,
        /// Ends each link once it has said where it is.
        ENDS
    }

    private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final byte[] PONG = {(byte) 0x8A, 0};

    final AtomicInteger links = new AtomicInteger();
    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile Manner manner;

    ScriptedService(Manner manner) throws IOException {
        this.manner = manner;
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    void behave(Manner next) {
        manner = next;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            open.forEach(ScriptedService::close);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            out.write(upgrade(head(socket.getInputStream())));
            links.incrementAndGet();
            if (manner == Manner.SOUND || manner == Manner.ENDS) {
                beat(out);
            }
            if (manner != Manner.ENDS) {
                answer(new DataInputStream(socket.getInputStream()), out);
            }
        } catch (IOException ended) {
            open.remove(socket);
        }
    }

    /// A ping comes a third of the silence after the one before, so that a beat with each is enough.
    private void answer(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            in.readUnsignedByte();
            in.skipNBytes((in.readUnsignedByte() & 0x7F) + 4);
            switch (manner) {
                case SOUND -> {
                    out.write(PONG);
                    beat(out);
                }
                case STUCK -> out.write(PONG);
                case HALF_OPEN -> {}
                case ENDS -> {
                    return;
                }
            }
        }
    }

    private static void beat(OutputStream out) throws IOException {
        byte[] beat = LinkCodec.encode(new LinkFrame.Heartbeat(new Position(1, 1)));
        out.write(new byte[] {(byte) 0x82, (byte) beat.length});
        out.write(beat);
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended before its upgrade");
            }
            head.write(next);
        }
        return head.toString(US_ASCII);
    }

    private static byte[] upgrade(String head) {
        String key = head.replaceAll("(?is).*sec-websocket-key: *([^\\r]+)\\r.*", "$1");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + ACCEPT).getBytes(US_ASCII));
            return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                    .getBytes(US_ASCII);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
