package dev.rookery.gateway.address;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds out who a client is: whoever opened the connection, unless that is a trusted proxy. Then it is the
/// rightmost hop that is not a trusted proxy itself, since everything left of that hop may have been made up by it.
public final class ClientAddresses {

    private static final AttributeKey<InetAddress> PROXIED = AttributeKey.valueOf("rookery.proxied");

    private final TrustedNetworks trusted;
    private final ProxyProperties properties;

    public ClientAddresses(ProxyProperties properties) {
        this.properties = properties;
        this.trusted = new TrustedNetworks(properties.trusted());
    }

    /// To be called when a connection is made: reads its PROXY protocol header, where one is to be expected.
    public void prepare(Channel channel) {
        if (properties.protocol()
                && channel.remoteAddress() instanceof InetSocketAddress peer
                && trusted.contain(peer.getAddress())) {
            channel.pipeline().addFirst("rookery.proxy", new ProxyHeaderReader());
        }
    }

    /// Who has opened a connection, before anything has been read from it; empty for a trusted proxy, which will say.
    public Optional<AddressBlock> known(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer && !trusted.contain(peer.getAddress())
                ? Optional.of(AddressBlock.of(peer.getAddress()))
                : Optional.empty();
    }

    static void proxied(Channel channel, InetAddress client) {
        channel.attr(PROXIED).set(client);
    }

    /// The name of the header to be given to `of`; empty when none is believed.
    public Optional<String> header() {
        return switch (properties.header()) {
            case NONE -> Optional.empty();
            case X_FORWARDED_FOR -> Optional.of("X-Forwarded-For");
            case FORWARDED -> Optional.of("Forwarded");
        };
    }

    /// @param values of the header, in the order received
    public AddressBlock of(Channel channel, List<String> values) {
        InetAddress client = peer(channel);
        List<String> hops = String.join(",", values).transform(this::hops);
        for (int i = hops.size() - 1; i >= 0 && trusted.contain(client); i--) {
            Optional<InetAddress> hop = AddressText.parse(hops.get(i));
            if (hop.isEmpty()) {
                break;
            }
            client = hop.get();
        }
        return AddressBlock.of(client);
    }

    private static InetAddress peer(Channel channel) {
        InetAddress proxied = channel.attr(PROXIED).get();
        if (proxied != null) {
            return proxied;
        }
        return channel.remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private List<String> hops(String joined) {
        if (joined.isBlank()) {
            return List.of();
        }
        List<String> elements = List.of(joined.split(",", -1));
        return properties.header() == ProxyProperties.Header.FORWARDED
                ? elements.stream().map(ClientAddresses::forwardedFor).toList()
                : elements;
    }

    /// RFC 7239, 4: an element is pairs like `for=192.0.2.60;proto=http`; a hop without `for` is unknown.
    private static String forwardedFor(String element) {
        for (String pair : element.split(";", -1)) {
            String bare = pair.strip();
            if (bare.toLowerCase(Locale.ROOT).startsWith("for=")) {
                return bare.substring(4);
            }
        }
        return "unknown";
    }
}
