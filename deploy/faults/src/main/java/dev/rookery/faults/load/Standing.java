package dev.rookery.faults.load;

/// What the suite has promised about an event.
enum Standing {
    /// Nothing: `error:`, or no answer.
    OPEN,
    /// `OK true` with `info:`: it is in the log.
    LOGGED,
    /// A plain `OK true`, or `duplicate:`.
    STORED,
    /// `OK false`, for good.
    REFUSED
}
