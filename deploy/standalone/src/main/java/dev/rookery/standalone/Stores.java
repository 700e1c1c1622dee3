package dev.rookery.standalone;

import dev.rookery.embedded.SuiteDatabase;
import java.util.Map;

/// Where the servers are, as services are told.
///
/// @param passwords of the database's roles
record Stores(String bootstrapServers, String redisUrl, int postgresPort, Map<String, String> passwords) {

    /// Stand in for servers that do not run yet.
    static final Stores TO_COME = new Stores(
            "127.0.0.1:9092",
            "redis://127.0.0.1:6379",
            5432,
            Map.of(SuiteDatabase.READER, "to come", SuiteDatabase.OWNER, "to come"));
}
