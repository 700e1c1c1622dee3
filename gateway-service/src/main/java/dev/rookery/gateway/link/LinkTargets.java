package dev.rookery.gateway.link;

import dev.rookery.signature.Sha256;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The instances of a service, in the order in which one gateway tries them: by rendezvous hash, so that gateways
/// spread over the instances, and an instance that comes or goes moves only the gateways that link to it.
final class LinkTargets {

    /// One instance.
    record Target(String host, int port) {}

    private final List<String> names;
    private final String gateway;

    LinkTargets(List<String> names, String gateway) {
        this.names = List.copyOf(names);
        this.gateway = gateway;
        names.forEach(LinkTargets::portOf);
    }

    /// Looks every name up anew. Blocks: not for an event loop.
    ///
    /// @throws UnknownHostException when none of the names is known
    List<Target> ranked() throws UnknownHostException {
        List<Target> found = new ArrayList<>();
        UnknownHostException unknown = null;
        for (String name : names) {
            String host = name.substring(0, name.lastIndexOf(':'));
            try {
                for (InetAddress address : InetAddress.getAllByName(host)) {
                    found.add(new Target(address.getHostAddress(), portOf(name)));
                }
            } catch (UnknownHostException failure) {
                unknown = failure;
            }
        }
        if (found.isEmpty() && unknown != null) {
            throw unknown;
        }
        found.sort(Comparator.comparingLong(this::weight).reversed());
        return found;
    }

    /// A sum like CRC would not do: of two names of the same length it puts the same one first for every other gateway.
    private long weight(Target target) {
        String pair = gateway + "|" + target.host() + "|" + target.port();
        return ByteBuffer.wrap(Sha256.of(pair.getBytes(StandardCharsets.UTF_8))).getLong();
    }

    private static int portOf(String name) {
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("'" + name + "' is not host:port", notANumber);
        }
    }
}
