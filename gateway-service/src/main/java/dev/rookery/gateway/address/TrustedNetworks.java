package dev.rookery.gateway.address;

import java.net.InetAddress;
import java.util.List;

/// The networks whose machines are believed when they say for whom they speak.
final class TrustedNetworks {

    private final List<Network> networks;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] address, int prefix) {

        static Network parse(String text) {
            int slash = text.indexOf('/');
            String host = slash < 0 ? text : text.substring(0, slash);
            InetAddress address = AddressText.literal(host.strip())
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a network"));
            byte[] bytes = address.getAddress();
            int prefix = slash < 0 ? 8 * bytes.length : prefix(text, slash);
            if (prefix < 0 || prefix > 8 * bytes.length) {
                throw new IllegalArgumentException("'" + text + "' has no such prefix");
            }
            return new Network(bytes, prefix);
        }

        private static int prefix(String text, int slash) {
            try {
                return Integer.parseInt(text.substring(slash + 1).strip());
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("'" + text + "' has no prefix length", notANumber);
            }
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit += 8) {
                int mask = prefix - bit >= 8 ? 0xFF : 0xFF << (8 - (prefix - bit));
                if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /// @param networks in CIDR notation; a bare address is a network of one
    /// @throws IllegalArgumentException when one of them is not
    TrustedNetworks(List<String> networks) {
        this.networks = networks.stream().map(Network::parse).toList();
    }

    boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }
}
