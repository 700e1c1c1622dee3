package dev.rookery.settings;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Has an unknown setting reported without a stack trace.
final class UnknownSettingAnalyzer extends AbstractFailureAnalyzer<UnknownSettingException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, UnknownSettingException cause) {
        return new FailureAnalysis(Objects.requireNonNull(cause.getMessage()), null, cause);
    }
}
