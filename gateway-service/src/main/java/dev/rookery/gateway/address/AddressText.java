package dev.rookery.gateway.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// Addresses as headers write them. Nothing is ever looked up.
final class AddressText {

    private AddressText() {}

    /// An IPv4 or IPv6 address, with or without a port, brackets and quotes: `1.2.3.4:80`, `[2001:db8::1]:80`,
    /// `2001:db8::1`.
    static Optional<InetAddress> parse(String text) {
        String bare = text.strip();
        if (bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (bare.startsWith("[")) {
            int end = bare.indexOf(']');
            return end < 0 ? Optional.empty() : literal(bare.substring(1, end));
        }
        int colon = bare.indexOf(':');
        boolean port = colon >= 0 && colon == bare.lastIndexOf(':');
        return literal(port ? bare.substring(0, colon) : bare);
    }

    static Optional<InetAddress> literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? Optional.empty() : Optional.of(ofBytes(bytes));
    }

    /// @param bytes 4 or 16
    static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }
}
