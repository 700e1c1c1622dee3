package dev.rookery.testservers;

/// A test class's part of a Kafka cluster of one broker.
///
/// @param bootstrapServers where the broker is
/// @param prefix for names of topics and groups, different for each test class
public record TestKafka(String bootstrapServers, String prefix) {

    /// A name that no other test class uses.
    public String named(String name) {
        return prefix + "." + name;
    }
}
