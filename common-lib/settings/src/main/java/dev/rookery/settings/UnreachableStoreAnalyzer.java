package dev.rookery.settings;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Names the store that a service needs at its start and cannot reach, or that refuses it. Asked last: whatever else
/// has an analysis is more exact.
@Order(Ordered.LOWEST_PRECEDENCE)
final class UnreachableStoreAnalyzer implements FailureAnalyzer {

    private static final int DEEPEST = 20;

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Optional<String> store = storeOf(cause);
            if (store.isPresent()) {
                return new FailureAnalysis(store.get() + ": " + cause.getMessage(), null, failure);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static Optional<String> storeOf(Throwable cause) {
        return switch (cause) {
            case SQLException sql -> Optional.of("PostgreSQL cannot be used");
            case KafkaException kafka -> Optional.of("Kafka cannot be used");
            case ConnectException refused -> Optional.of("A server cannot be reached");
            case UnknownHostException unknown -> Optional.of("No machine has this name");
            default -> Optional.empty();
        };
    }
}
