package dev.rookery.message;

import dev.rookery.filter.FilterBounds;

/// How much one message may hold, beyond its size in bytes. What bounds events are admission checks.
///
/// @param subscriptionLength Unicode code points of a subscription id
public record MessageBounds(int subscriptionLength, FilterBounds filters) {

    public static final MessageBounds DEFAULT = new MessageBounds(64, FilterBounds.DEFAULT);
}
