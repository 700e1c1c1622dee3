package dev.rookery.testservers;

import dev.rookery.embedded.Directories;
import dev.rookery.embedded.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;

/// A running embedded server and the directory that goes with it.
record EmbeddedHandle(EmbeddedServer server, Path directory) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        server.close();
        Directories.delete(directory);
    }
}
