package dev.rookery.standalone;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the operator what the start has done: a line for each step, with what it took.
final class Steps {

    private static final Logger log = LoggerFactory.getLogger(Steps.class);

    interface Action {
        void run() throws Exception;
    }

    void run(String step, Action action) throws Exception {
        long began = System.nanoTime();
        action.run();
        log.info("{} {} ms", "%-18s".formatted(step), "%5d".formatted((System.nanoTime() - began) / 1_000_000));
    }
}
