package dev.rookery.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.ConnectException;
import java.sql.SQLException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// A service that cannot start says why in one line.
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
final class FailedStartTests {

    @Test
    void tellsAnUnknownSetting(CapturedOutput output) {
        assertThat(catchThrowable(() -> start(Healthy.class, "--relay.prot=1"))).isNotNull();

        assertThat(output.getAll().lines())
                .singleElement()
                .asString()
                .endsWith("Cannot start: relay.prot is no setting, perhaps relay.port is meant");
    }

    @Test
    void tellsAnUnreachableDatabase(CapturedOutput output) {
        assertThat(catchThrowable(() -> start(WithoutDatabase.class))).isNotNull();

        assertThat(output.getAll().lines())
                .last()
                .asString()
                .endsWith("Cannot start: PostgreSQL cannot be used: Connection to db:5432 refused");
    }

    @Test
    void tellsAnUnreachableKafka(CapturedOutput output) {
        assertThat(catchThrowable(() -> start(WithoutKafka.class))).isNotNull();

        assertThat(output.getAll().lines())
                .last()
                .asString()
                .endsWith("Cannot start: Kafka cannot be used: no broker answers");
    }

    @Test
    void saysNothingElse(CapturedOutput output) {
        assertThat(catchThrowable(() -> start(WithoutDatabase.class))).isNotNull();

        assertThat(output.getAll().lines().filter(line -> !line.contains(" INFO ")))
                .hasSize(1);
    }

    @Test
    void startsWithoutBannerWhenNothingIsWrong(CapturedOutput output) {
        start(Healthy.class, "--relay.port=1");

        assertThat(output.getAll()).doesNotContain(":: Spring Boot ::");
    }

    private static void start(Class<?> service, String... arguments) {
        SpringApplication application = new SpringApplication(service);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.run(arguments).close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Healthy {}

    @Configuration(proxyBeanMethods = false)
    static class WithoutDatabase {
        @Bean
        Object store() throws SQLException {
            throw new SQLException(
                    "Connection to db:5432 refused", "08001", new ConnectException("Connection refused"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithoutKafka {
        @Bean
        Object log() {
            throw new TimeoutException("no broker answers");
        }
    }
}
