package dev.rookery.gateway;

import org.springframework.context.SmartLifecycle;

/// Runs once when the context begins to stop, before the server and everything else does.
final class LastWord implements SmartLifecycle {

    private final Runnable stop;
    private volatile boolean running;

    LastWord(Runnable stop) {
        this.stop = stop;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        stop.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// The highest phase stops first.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
