package dev.rookery.testservers;

/// A test class's part of a Redis server.
///
/// @param uri with password, as Lettuce reads it
/// @param prefix for keys and channels, different for each test class
public record TestRedis(String uri, String prefix) {

    /// A key or channel that no other test class uses.
    public String named(String name) {
        return prefix + ":" + name;
    }

    @Override
    public String toString() {
        return prefix;
    }
}
