package dev.rookery.gateway;

import java.security.Security;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The process: the WebSocket that clients connect to, and everything else they see of the relay.
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
    WebConfiguration.class,
    ServerConfiguration.class,
    ConnectionConfiguration.class,
    PublishConfiguration.class,
    LinkConfiguration.class
})
public class GatewayService {

    public static void main(String[] args) {
        // The JVM remembers addresses for half a minute: longer than a REQ waits for a service that was replaced.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        start(args);
    }

    /// As often as wanted in one JVM. The port that was taken is the property `local.server.port`.
    ///
    /// @param args settings, as `--relay.secret=…`
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(GatewayService.class)
                .web(WebApplicationType.REACTIVE)
                .bannerMode(Banner.Mode.OFF)
                .properties("spring.config.name=gateway-service")
                .run(args);
    }
}
