package dev.rookery.gateway.subscription;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import java.time.Clock;
import java.util.Set;
import java.util.function.Supplier;

/// What the subscriptions of one connection join from.
///
/// @param turns whose turn it is to be given what is stored
/// @param room for what waits for the client
/// @param reached the highest position that this gateway has told anyone of: no answer may come from before it
/// @param visibility what is shown to whom
/// @param viewers the keys that the connection has proven
record Joining(
        LiveFeed feed,
        QueryClient query,
        Turns turns,
        WaitingRoom room,
        SubscriptionProperties properties,
        Reached reached,
        Visibility visibility,
        Supplier<Set<Bytes32>> viewers,
        Clock clock,
        JoinMeters meters) {}
