package dev.rookery.standalone;

import dev.rookery.settings.GivenUp;
import dev.rookery.settings.KafkaProperties;
import dev.rookery.settings.SuiteProperties;
import dev.rookery.topics.BroadcastTail;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/// The services, each with a Spring context of its own, as if each were a process.
final class Services implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Services.class);
    private static final Duration READY_POLL = Duration.ofMillis(10);

    private final Wiring wiring;
    private final Consumer<String> lost;
    private final BroadcastTail tail;
    private final Map<Service, ConfigurableApplicationContext> running = new ConcurrentHashMap<>();

    /// @param lost called with the name of a service that gives itself up
    Services(Wiring wiring, Consumer<String> lost) {
        this.wiring = wiring;
        this.lost = lost;
        this.tail = broadcastTail();
    }

    /// Returns when these are up; they may not be ready yet.
    ///
    /// @throws ServiceFailedException when one is not, which then has said why
    void start(Collection<Service> services, Steps steps) throws Exception {
        Parallel.run(services.stream()
                .<Steps.Action>map(service -> () -> steps.run(service.module(), () -> start(service)))
                .toList());
    }

    /// @throws StartFailedException naming those that are not ready in time
    void awaitReady(Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        for (List<String> unready = unready(); !unready.isEmpty(); unready = unready()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new StartFailedException(
                        "Not ready within " + bound.toSeconds() + " s: " + String.join(", ", unready));
            }
            LockSupport.parkNanos(READY_POLL.toNanos());
        }
    }

    int publicPort() {
        return running.get(Service.GATEWAY) instanceof WebServerApplicationContext gateway
                        && gateway.getWebServer() != null
                ? gateway.getWebServer().getPort()
                : -1;
    }

    /// Those that the world sees first, so that none loses what it relies on.
    @Override
    public void close() {
        for (Service service : Service.all()) {
            ConfigurableApplicationContext context = running.remove(service);
            if (context != null) {
                context.close();
                log.debug("Stopped {}", service.module());
            }
        }
        tail.close();
    }

    /// One for all services, as they are one process.
    private BroadcastTail broadcastTail() {
        ConfigurableEnvironment broadcast = wiring.environmentOf(Service.BROADCAST);
        ConfigurationPropertySources.attach(broadcast);
        Binder settings = Binder.get(broadcast);
        KafkaProperties kafka = settings.bindOrCreate("relay.kafka", KafkaProperties.class);
        SuiteProperties suite = settings.bindOrCreate("relay", SuiteProperties.class);
        return new BroadcastTail(kafka.settings(), new Topics(kafka.topicPrefix()), new Seal(suite.secret()));
    }

    private void start(Service service) {
        SpringApplication application = new SpringApplication(service.type());
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setEnvironment(wiring.environmentOf(service));
        application.setRegisterShutdownHook(false);
        application.addListeners(new GivenUp(() -> lost.accept(service.module())));
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("broadcastTail", tail));
        try {
            running.put(service, application.run());
        } catch (RuntimeException failure) {
            throw new ServiceFailedException(service, failure);
        }
    }

    private List<String> unready() {
        return running.entrySet().stream()
                .filter(entry -> !isReady(entry.getValue()))
                .map(entry -> entry.getKey().module())
                .sorted()
                .toList();
    }

    private static boolean isReady(ConfigurableApplicationContext context) {
        HealthEndpoint health = context.getBean(HealthEndpoint.class);
        return Optional.ofNullable(health.healthForPath("readiness"))
                .map(HealthDescriptor::getStatus)
                .filter(Status.UP::equals)
                .isPresent();
    }
}
