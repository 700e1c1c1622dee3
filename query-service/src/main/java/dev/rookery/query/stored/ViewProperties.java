package dev.rookery.query.stored;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the database is asked.
///
/// @param replicas    `host` or `host:port` of read replicas, which spare the primary; none to begin with
/// @param connections to each server for requests, beside three for what is asked of the order itself, and two to the
///     primary by which the hot window follows it
/// @param waiting     questions that may wait for a connection to one server; more are refused as overload
/// @param statement   the longest that one statement may run; what runs into it is refused as too slow
/// @param silence     after which a server that does not answer counts as gone, a little longer than `statement`; who
///     waits so long for a connection, because others have them all, is refused as overload
/// @param behind      how long a view is waited for that has not reached what the gateway has
public record ViewProperties(
        @DefaultValue List<String> replicas,
        @DefaultValue("8") int connections,
        @DefaultValue("512") int waiting,
        @DefaultValue("5s") Duration statement,
        @DefaultValue("7s") Duration silence,
        @DefaultValue("20ms") Duration behind) {

    public ViewProperties {
        replicas = List.copyOf(replicas);
        require(connections > 0, "connections");
        require(waiting >= 0, "waiting");
        require(statement.isPositive(), "statement");
        require(silence.compareTo(statement) > 0, "silence");
        require(!behind.isNegative(), "behind");
    }

    ViewProperties withConnections(int most) {
        return new ViewProperties(replicas, most, waiting, statement, silence, behind);
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.query.view." + name + " is out of its range");
        }
    }
}
