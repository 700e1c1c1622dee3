package dev.rookery.faults.cluster;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives test classes one cluster, started for the first of them and ended after the last. Every test finds it whole
/// and leaves it so.
public final class ClusterExtension implements BeforeAllCallback, AfterEachCallback, ParameterResolver {

    /// What is bounded is bounded closely, so that tests reach the bounds: at one of the two gateways, so that the
    /// other shows what happens before.
    private static final Topology TOPOLOGY = Topology.pairs()
            .with("gateway-2", "relay.publish.max-provisional", "40")
            .with("gateway-2", "relay.subscriptions.catch-up-attempts", "8")
            .with("indexer-service", "relay.indexer.emission.max-unacknowledged", "100");

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create("dev.rookery.faults");

    @Override
    public void beforeAll(ExtensionContext context) {
        cluster(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        cluster(context).heal();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    private static Cluster cluster(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent("cluster", key -> started(), Cluster.class);
    }

    private static Cluster started() {
        try {
            Cluster cluster = new Cluster(TOPOLOGY, directory());
            try {
                cluster.start();
            } catch (Exception failure) {
                cluster.close();
                throw failure;
            }
            return cluster;
        } catch (Exception failure) {
            throw new IllegalStateException("The cluster does not start", failure);
        }
    }

    /// One for each checkout, where PostgreSQL's unprivileged user can reach it; so that the next run finds what a
    /// killed one left.
    private static Path directory() {
        String checkout = Integer.toHexString(Path.of("").toAbsolutePath().hashCode());
        return Path.of(System.getProperty("java.io.tmpdir"), "rookery-faults-" + checkout);
    }
}
