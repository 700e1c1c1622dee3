package dev.rookery.faults.process;

import java.io.IOException;

/// A process that has been started.
public interface Running {

    long pid();

    boolean isReady() throws IOException;

    /// Ends the process as an operator would, and gives back what it held. Harmless once it has ended.
    void end() throws IOException;
}
