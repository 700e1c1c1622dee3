package dev.rookery.broadcast;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rookery.link.LinkCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/// The client's end of a WebSocket of binary frames over a blocking socket: it reads when told to and not otherwise.
final class RawWebSocket implements AutoCloseable {

    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final String UPGRADE = "GET " + LinkCodec.PATH + " HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Authorization: Bearer %s\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;

    /// @throws Refused when the server does not switch protocols
    RawWebSocket(int port, String token) throws IOException, Refused {
        socket = new Socket();
        // Fixed, or the kernel would take ever more of what is not read.
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream().write(UPGRADE.formatted(token).getBytes(US_ASCII));
        in = new DataInputStream(socket.getInputStream());
        int status = Integer.parseInt(readHead(socket.getInputStream()).split(" ")[1]);
        if (status != 101) {
            socket.close();
            throw new Refused(status);
        }
    }

    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status) {
            super("answered " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// In one frame, masked with zeroes.
    synchronized void send(byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) BINARY);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    /// @throws Ended when the server has closed the connection
    byte[] receive() throws IOException, Ended {
        int kind = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = in.readNBytes((int) length);
        if (kind == CLOSE) {
            throw new Ended(ByteBuffer.wrap(payload).getShort());
        }
        if (kind != BINARY) {
            throw new IOException("frame of kind " + kind);
        }
        return payload;
    }

    static final class Ended extends Exception {

        private static final long serialVersionUID = 1;

        private final int code;

        Ended(int code) {
            super("closed with " + code);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /// Takes what is under way, up to the end of the connection.
    ///
    /// @throws java.net.SocketTimeoutException when it is still open
    void readToItsEnd() throws IOException {
        socket.setSoTimeout(5000);
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        return head.toString(US_ASCII);
    }
}
