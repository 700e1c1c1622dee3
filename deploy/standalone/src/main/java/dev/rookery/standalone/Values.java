package dev.rookery.standalone;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/// All settings of all services, read once before anything is started: a value that a service cannot take is told at
/// once, and no server starts in vain.
final class Values {

    private Values() {}

    /// @param wiring which may stand in for what is not known yet
    /// @throws ServiceFailedException for a service that could not start; why has been logged
    static void check(Wiring wiring) {
        try (LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean()) {
            validator.afterPropertiesSet();
            for (Service service : Service.all()) {
                ConfigurableEnvironment own = wiring.environmentOf(service);
                ConfigurationPropertySources.attach(own);
                Binder binder = Binder.get(own, new ValidationBindHandler(validator));
                settingsOf(service.type()).forEach(settings -> check(service, settings, binder));
            }
        }
    }

    private static void check(Service service, Class<?> settings, Binder binder) {
        ConfigurationProperties described =
                AnnotatedElementUtils.findMergedAnnotation(settings, ConfigurationProperties.class);
        if (described == null) {
            throw new IllegalStateException(settings + " are no settings");
        }
        try {
            binder.bindOrCreate(described.prefix(), Bindable.of(settings));
        } catch (BindException failure) {
            tell(failure);
            throw new ServiceFailedException(service, failure);
        }
    }

    /// As Boot tells it when a service starts.
    private static void tell(BindException failure) {
        List<SpringBootExceptionReporter> reporters =
                SpringFactoriesLoader.forDefaultResourceLocation().load(SpringBootExceptionReporter.class);
        boolean _ = reporters.stream().anyMatch(reporter -> reporter.reportException(failure));
    }

    /// Those of a service's configuration, and of what that imports.
    private static Set<Class<?>> settingsOf(Class<?> configuration) {
        Set<Class<?>> settings = new LinkedHashSet<>();
        EnableConfigurationProperties enabled = configuration.getAnnotation(EnableConfigurationProperties.class);
        if (enabled != null) {
            settings.addAll(List.of(enabled.value()));
        }
        Import imported = configuration.getAnnotation(Import.class);
        if (imported != null) {
            for (Class<?> part : imported.value()) {
                settings.addAll(settingsOf(part));
            }
        }
        return settings;
    }
}
