package dev.rookery.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/// Settings that all services have alike, beneath every other source.
public final class SuiteDefaults implements EnvironmentPostProcessor, Ordered {

    private static final String NAME = "suite defaults";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        addTo(environment);
    }

    public static void addTo(ConfigurableEnvironment environment) {
        ClassPathResource file = new ClassPathResource("defaults.properties", SuiteDefaults.class);
        try {
            environment.getPropertySources().addLast(new ResourcePropertySource(NAME, file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
