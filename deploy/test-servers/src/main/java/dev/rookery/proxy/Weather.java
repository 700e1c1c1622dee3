package dev.rookery.proxy;

import java.time.Duration;

/// What a proxy does with the bytes of open connections.
///
/// @param swallows whether they vanish, so that either side hears nothing more and no end either
/// @param delay how long each piece, of at most 64 KiB, is held up
record Weather(boolean swallows, Duration delay) {

    static final Weather FAIR = new Weather(false, Duration.ZERO);
}
