package dev.rookery.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Refuses to start with a setting under `relay` that no service of the suite has, from wherever it comes. Settings
/// of other services are accepted, so that all processes can be given the same environment.
public final class SettingsCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final String PREFIX = "relay.";
    private static final String VARIABLE_PREFIX = "RELAY_";

    /// After logging is set up, so that the refusal looks like every other line.
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        check(event.getEnvironment());
    }

    /// @throws UnknownSettingException naming every unknown setting
    public static void check(ConfigurableEnvironment environment) {
        check(environment, KnownSettings.onClassPath(SettingsCheck.class.getClassLoader()));
    }

    static void check(ConfigurableEnvironment environment, KnownSettings known) {
        List<String> complaints = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                complain(enumerable, known, complaints);
            }
        }
        if (!complaints.isEmpty()) {
            throw new UnknownSettingException(String.join("; ", complaints));
        }
    }

    private static void complain(EnumerablePropertySource<?> source, KnownSettings known, List<String> complaints) {
        boolean variables = source instanceof SystemEnvironmentPropertySource;
        for (String name : source.getPropertyNames()) {
            if (variables && isVariable(name) && !known.hasVariable(name)) {
                complaints.add(complaint(name, variable(known.closestToVariable(name))));
            } else if (!variables && isKey(name) && !known.has(name)) {
                complaints.add(complaint(name, known.closestTo(name)));
            }
        }
    }

    private static String complaint(String name, String closest) {
        return name + " is no setting, perhaps " + closest + " is meant";
    }

    private static boolean isKey(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    private static boolean isVariable(String name) {
        return name.regionMatches(true, 0, VARIABLE_PREFIX, 0, VARIABLE_PREFIX.length());
    }

    private static String variable(String key) {
        return key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
