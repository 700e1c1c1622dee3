package dev.rookery.faults.load;

import java.util.List;

/// What came of a campaign.
///
/// @param complaints what was not as it has to be; none when all is well
/// @param stored events with a plain `OK true`
/// @param logged events that have `info:` only
/// @param refused events with a final `OK false`
/// @param live deliveries to all subscribers together
/// @param ends how subscriptions ended that were made again
public record Report(List<String> complaints, int stored, int logged, int refused, int live, List<String> ends) {}
