package dev.rookery.testservers;

import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// What the three servers' extensions have in common: the server is started when the first test class of the JVM asks
/// for it and stopped after the last, and each class is given its own part of it (a topic prefix, a database).
///
/// @param <S> the running server
/// @param <P> a class's part of it, injected as parameter
abstract class ServerExtension<S extends AutoCloseable, P>
        implements ExecutionCondition, BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create("dev.rookery.testservers");

    private final Class<S> serverType;
    private final Class<P> partType;

    ServerExtension(Class<S> serverType, Class<P> partType) {
        this.serverType = serverType;
        this.partType = partType;
    }

    abstract S startServer(ServerSource source);

    /// @param owner distinguishes test classes, usable in a name
    abstract P part(S server, String owner);

    /// Skips the class, visibly, when its server cannot be had.
    @Override
    public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return ServerSource.chosen().isAvailable()
                ? ConditionEvaluationResult.enabled("The server can be had")
                : ConditionEvaluationResult.disabled("rookery.test.servers=containers, but there is no Docker here");
    }

    @Override
    public final void beforeAll(ExtensionContext context) {
        partOf(context);
    }

    @Override
    public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == partType;
    }

    @Override
    public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return partOf(context);
    }

    private P partOf(ExtensionContext context) {
        String owner = context.getRequiredTestClass().getName();
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        return computed(store, owner + "/" + partType.getName(), key -> part(server(store), name(owner)), partType);
    }

    private S server(ExtensionContext.Store store) {
        return computed(store, serverType.getName(), key -> startServer(ServerSource.chosen()), serverType);
    }

    private static <V> V computed(
            ExtensionContext.Store store, String key, Function<String, V> creator, Class<V> type) {
        return store.computeIfAbsent(key, creator, type);
    }

    /// Short, unique, and fit for topics, databases and keys alike.
    private static String name(String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String letters = simple.replaceAll("[^a-z0-9]", "");
        return letters.substring(0, Math.min(30, letters.length())) + "_" + Integer.toHexString(className.hashCode());
    }
}
