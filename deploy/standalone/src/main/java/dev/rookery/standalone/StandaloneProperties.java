package dev.rookery.standalone;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What is standalone's own. Every setting of the services holds as well, except those by which standalone joins
/// them.
///
/// @param dataDir everything that lasts; the working directory's `data` unless named
/// @param address that the public port binds to; `0.0.0.0` for all of this machine's IPv4 addresses, `::` for IPv6
///   too
/// @param port of the WebSocket and of the HTTP pages
/// @param readyWithin how long all may take to become ready
/// @param stopWithin how long all may take to stop before the process is ended regardless
@ConfigurationProperties("relay")
record StandaloneProperties(
        @DefaultValue("data") Path dataDir,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("7777") int port,
        @DefaultValue("60s") Duration readyWithin,
        @DefaultValue("30s") Duration stopWithin) {}
