package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;

/// The other side of a connection.
///
/// @param readOn to be run on the event loop when the conversation wants more again
public record Peer(Outbound out, AddressBlock address, Runnable readOn) {}
