package dev.rookery.gateway.address;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Which proxies stand before the gateway. Without any of these settings a client is whoever opened the connection.
///
/// @param trusted networks in CIDR notation whose machines are believed; everybody else's headers are ignored
/// @param header the one header that the trusted proxies write. The others may come from the client through them
/// @param protocol whether connections from trusted networks begin with a PROXY protocol header, version 1 or 2. It
///     is then demanded, because a server must not guess (PROXY protocol, 2)
@Validated
@ConfigurationProperties("relay.proxy")
public record ProxyProperties(
        @DefaultValue List<String> trusted,
        @DefaultValue("x-forwarded-for") Header header,
        @DefaultValue("false") boolean protocol) {

    /// Headers that name clients.
    public enum Header {
        NONE,
        X_FORWARDED_FOR,
        /// RFC 7239.
        FORWARDED
    }

    public ProxyProperties {
        trusted = List.copyOf(trusted);
        new TrustedNetworks(trusted);
    }
}
