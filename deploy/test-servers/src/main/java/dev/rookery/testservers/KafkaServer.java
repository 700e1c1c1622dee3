package dev.rookery.testservers;

/// @param running what to close at the end
record KafkaServer(String bootstrapServers, AutoCloseable running) implements AutoCloseable {

    @Override
    public void close() throws Exception {
        running.close();
    }
}
