package dev.rookery.gateway.connection;

/// What the connections of one event loop have in common for what they send.
///
/// @param backlogs those of all loops
record LoopShare(OutboundLimits limits, OutboundMeter meter, Turn turn, Backlogs backlogs) {}
