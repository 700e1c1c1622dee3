package dev.rookery.testservers;

/// @param uri with password
/// @param running what to close at the end
record RedisServer(String uri, AutoCloseable running) implements AutoCloseable {

    @Override
    public void close() throws Exception {
        running.close();
    }
}
