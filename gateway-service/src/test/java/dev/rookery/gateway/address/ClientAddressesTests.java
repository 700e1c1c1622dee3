package dev.rookery.gateway.address;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ClientAddressesTests {

    private static final List<String> PROXIES = List.of("10.0.0.0/8", "fd00::/8");

    /// A channel that someone at an address has opened.
    private static EmbeddedChannel from(String peer) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(peer), 1234);
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return address;
            }
        };
    }

    private static AddressBlock block(String address) throws Exception {
        return AddressBlock.of(InetAddress.getByName(address));
    }

    private static ClientAddresses trusting(ProxyProperties.Header header) {
        return new ClientAddresses(new ProxyProperties(PROXIES, header, true));
    }

    private static AddressBlock client(String peer, String... headers) throws Exception {
        return trusting(ProxyProperties.Header.X_FORWARDED_FOR).of(from(peer), List.of(headers));
    }

    @Test
    void ignoresHeadersOfStrangers() throws Exception {
        assertThat(client("203.0.113.9", "198.51.100.1")).isEqualTo(block("203.0.113.9"));
    }

    @Test
    void takesTheRightmostHopThatIsNoProxy() throws Exception {
        assertThat(client("10.1.1.1", "198.51.100.1")).isEqualTo(block("198.51.100.1"));
        assertThat(client("10.1.1.1", "1.1.1.1, 198.51.100.1, 10.2.2.2")).isEqualTo(block("198.51.100.1"));
        assertThat(client("10.1.1.1", "1.1.1.1", "198.51.100.1")).isEqualTo(block("198.51.100.1"));
        assertThat(client("fd00::1", "198.51.100.1:4711")).isEqualTo(block("198.51.100.1"));
    }

    @Test
    void stopsAtWhatIsNoAddress() throws Exception {
        assertThat(client("10.1.1.1", "1.1.1.1, unknown, 10.2.2.2")).isEqualTo(block("10.2.2.2"));
        assertThat(client("10.1.1.1", "1.1.1.1, localhost")).isEqualTo(block("10.1.1.1"));
        assertThat(client("10.1.1.1", "")).isEqualTo(block("10.1.1.1"));
        assertThat(client("10.1.1.1")).isEqualTo(block("10.1.1.1"));
    }

    @Test
    void takesProxiesForClientsWhenThereIsNobodyElse() throws Exception {
        assertThat(client("10.1.1.1", "10.3.3.3, 10.2.2.2")).isEqualTo(block("10.3.3.3"));
    }

    @Test
    void countsAnIpv6NetworkAsOneClient() throws Exception {
        assertThat(client("10.1.1.1", "[2001:db8::1]:443")).isEqualTo(client("10.1.1.1", "2001:db8:0:0:ffff::2"));
        assertThat(block("2001:db8:0:1::1")).isNotEqualTo(block("2001:db8:0:2::1"));
        assertThat(block("::ffff:198.51.100.1")).isEqualTo(block("198.51.100.1"));
    }

    @Test
    void readsForwarded() throws Exception {
        ClientAddresses addresses = trusting(ProxyProperties.Header.FORWARDED);
        assertThat(addresses.header()).contains("Forwarded");
        assertThat(addresses.of(
                        from("10.1.1.1"), List.of("for=1.1.1.1, For=\"[2001:db8::7]:80\";proto=https;by=10.1.1.1")))
                .isEqualTo(block("2001:db8::7"));
        assertThat(addresses.of(from("10.1.1.1"), List.of("for=198.51.100.1, proto=https")))
                .isEqualTo(block("10.1.1.1"));
        assertThat(addresses.of(from("10.1.1.1"), List.of("for=_hidden"))).isEqualTo(block("10.1.1.1"));
    }

    @Test
    void refusesNetworksThatAreNone() {
        for (String network : List.of("10.0.0.0/33", "relay.example/8", "10.0.0.0/x", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ProxyProperties(List.of(network), ProxyProperties.Header.NONE, false));
        }
    }

    private static ByteBuf line(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static AddressBlock afterHeader(String peer, ByteBuf header) throws Exception {
        EmbeddedChannel channel = from(peer);
        ClientAddresses addresses = trusting(ProxyProperties.Header.NONE);
        addresses.prepare(channel);
        while (header.isReadable()) {
            channel.writeInbound(header.readBytes(1));
        }
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(line("GET /"));
        ByteBuf rest = channel.readInbound();
        assertThat(rest.toString(US_ASCII)).isEqualTo("GET /");
        rest.release();
        return addresses.of(channel, List.of());
    }

    @Test
    void readsTheFirstVersionOfTheProxyProtocol() throws Exception {
        assertThat(afterHeader("10.1.1.1", line("PROXY TCP4 198.51.100.1 10.1.1.1 56324 443\r\n")))
                .isEqualTo(block("198.51.100.1"));
        assertThat(afterHeader("10.1.1.1", line("PROXY TCP6 2001:db8::1 fd00::1 56324 443\r\n")))
                .isEqualTo(block("2001:db8::1"));
        assertThat(afterHeader("10.1.1.1", line("PROXY UNKNOWN\r\n"))).isEqualTo(block("10.1.1.1"));
    }

    private static ByteBuf second(int command, int family, byte[] body) {
        byte[] signature = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
        return Unpooled.buffer()
                .writeBytes(signature)
                .writeByte(command)
                .writeByte(family)
                .writeShort(body.length)
                .writeBytes(body);
    }

    @Test
    void readsTheSecondVersionOfTheProxyProtocol() throws Exception {
        byte[] four = {(byte) 198, 51, 100, 1, 10, 1, 1, 1, 1, 2, 3, 4, 99, 99};
        assertThat(afterHeader("10.1.1.1", second(0x21, 0x11, four))).isEqualTo(block("198.51.100.1"));
        byte[] six = new byte[36];
        six[0] = 0x20;
        six[1] = 0x01;
        assertThat(afterHeader("10.1.1.1", second(0x21, 0x21, six))).isEqualTo(block("2001::"));
        assertThat(afterHeader("10.1.1.1", second(0x20, 0x00, new byte[0]))).isEqualTo(block("10.1.1.1"));
        assertThat(afterHeader("10.1.1.1", second(0x21, 0x31, new byte[216]))).isEqualTo(block("10.1.1.1"));
    }

    @Test
    void closesTrustedConnectionsWithoutAHeader() throws Exception {
        for (ByteBuf start : List.of(
                line("GET / HTTP/1.1\r\n"),
                line("PROXY TCP4 relay.example 10.1.1.1 1 2\r\n"),
                line("PROXY " + "x".repeat(200)),
                second(0x31, 0x11, new byte[12]),
                second(0x21, 0x11, new byte[60_000]))) {
            EmbeddedChannel channel = from("10.1.1.1");
            trusting(ProxyProperties.Header.NONE).prepare(channel);
            channel.writeInbound(start);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void doesNotReadHeadersOfStrangers() throws Exception {
        EmbeddedChannel channel = from("203.0.113.9");
        trusting(ProxyProperties.Header.NONE).prepare(channel);
        channel.writeInbound(line("PROXY TCP4 198.51.100.1 10.1.1.1 56324 443\r\n"));
        ByteBuf untouched = channel.readInbound();
        assertThat(untouched.readableBytes()).isEqualTo(44);
        untouched.release();
        assertThat(trusting(ProxyProperties.Header.NONE).of(channel, List.of())).isEqualTo(block("203.0.113.9"));
    }
}
