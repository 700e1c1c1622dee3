package dev.rookery.standalone;

import dev.rookery.embedded.ServerFailedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.ConfigurableEnvironment;

/// The process: the whole suite, until it is told to stop.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StandaloneProperties.class)
public class StandaloneApplication {

    private static final Logger log = LoggerFactory.getLogger(StandaloneApplication.class);

    @Bean(destroyMethod = "close")
    Suite suite(StandaloneProperties properties, ConfigurableEnvironment environment) {
        return new Suite(properties, environment);
    }

    /// Ends the process when stopping takes too long.
    @Bean
    ApplicationListener<ContextClosedEvent> stopBound(StandaloneProperties properties) {
        return closed -> Thread.ofPlatform().daemon().name("stop-bound").start(() -> {
            try {
                Thread.sleep(properties.stopWithin());
                log.error(
                        "Not stopped within {} s, ending regardless",
                        properties.stopWithin().toSeconds());
                endAtOnce();
            } catch (InterruptedException never) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static void main(String[] args) {
        // Kafka halts the JVM at a fault that it deems fatal, as one in its start.
        Exit.setHaltProcedure((code, reason) -> endAtOnce());
        if (serve(args).isEmpty()) {
            System.exit(1);
        }
    }

    /// Returns when clients are served, which goes on until the process is told to stop.
    ///
    /// @return where; nothing when it could not be started, and the log says why
    static Optional<PublicAddress> serve(String... args) {
        SpringApplication application = new SpringApplication(StandaloneApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of("spring.config.name", "rookery"));
        return start(application.run(args).getBean(Suite.class));
    }

    private static Optional<PublicAddress> start(Suite suite) {
        try {
            PublicAddress address = suite.start(() -> System.exit(1));
            String where = address.authority();
            log.info("Ready after {} ms: ws://{} and http://{}", millisSinceStart(), where, where);
            return Optional.of(address);
        } catch (CancellationException stopped) {
            log.debug("Stopped while starting");
        } catch (ServiceFailedException told) {
            log.debug("Cannot start", told);
        } catch (StartFailedException | ServerFailedException | IOException failure) {
            log.error("Cannot start: {}", String.valueOf(failure.getMessage()).replaceAll("\\s+", " "));
            log.debug("Cannot start", failure);
        } catch (Exception failure) {
            log.error("Cannot start", failure);
        }
        return Optional.empty();
    }

    /// Without waiting for anything: the servers are told to end, and do so by themselves; the next start ends what
    /// does not.
    private static void endAtOnce() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
        Runtime.getRuntime().halt(1);
    }

    /// Since the JVM began: what the process did before, such as building the suite, is not part of its start.
    private static long millisSinceStart() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
