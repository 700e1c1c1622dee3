package dev.rookery.gateway.address;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// What counts as one client: an IPv4 address, or the /64 of an IPv6 address, because whoever has one address there
/// has all of them.
///
/// @param bits the address, or its upper half
public record AddressBlock(boolean ipv6, long bits) {

    /// IPv4 addresses written as IPv6 are IPv4 addresses; the JDK turns them into such by itself.
    public static AddressBlock of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? new AddressBlock(false, ByteBuffer.wrap(bytes).getInt() & 0xFFFF_FFFFL)
                : new AddressBlock(true, ByteBuffer.wrap(bytes).getLong());
    }
}
