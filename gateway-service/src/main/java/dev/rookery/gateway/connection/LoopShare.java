package dev.rookery.gateway.connection;

/// What the connections of one event loop have in common for what they send.
record LoopShare(OutboundLimits limits, OutboundMeter meter, Turn turn) {}
