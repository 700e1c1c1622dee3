package dev.rookery.faults.cluster;

import dev.rookery.faults.process.Ports;
import dev.rookery.proxy.Proxy;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where everyone listens, and the proxies between any two that talk to each other.
final class Roads implements AutoCloseable {

    private final Ports ports = new Ports();
    private final Map<String, Integer> listening = new HashMap<>();
    private final Map<Road, Proxy> proxies = new HashMap<>();

    /// Given at the first call.
    ///
    /// @param door such as `gateway-1`, or one of several of a process, such as `gateway-1/actuator`
    int portOf(String door) throws IOException {
        Integer known = listening.get(door);
        int port = known == null ? ports.next() : known;
        listening.put(door, port);
        return port;
    }

    /// Opened at the first call.
    ///
    /// @param door where the proxy leads to
    Proxy open(String from, String to, String door) throws IOException {
        Road road = new Road(from, to);
        Proxy proxy = proxies.get(road);
        if (proxy == null) {
            proxy = new Proxy(ports.next(), portOf(door));
            proxies.put(road, proxy);
        }
        return proxy;
    }

    Proxy between(String from, String to) {
        @Nullable Proxy proxy = proxies.get(new Road(from, to));
        if (proxy == null) {
            throw new IllegalArgumentException("No road from " + from + " to " + to + ", but " + proxies.keySet());
        }
        return proxy;
    }

    Set<Road> names() {
        return Set.copyOf(proxies.keySet());
    }

    Collection<Proxy> all() {
        return proxies.values();
    }

    @Override
    public void close() throws IOException {
        for (Proxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
