package dev.rookery.topics;

/// A record of `nostr.index` or `nostr.bulk`: an event on its way to its decision.
///
/// @param gateway whom to tell the verdict; empty for nobody
/// @param json the event as it was logged
/// @param sealed whether a process of this suite wrote it, and so has checked its signature
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
public record IndexRecord(String gateway, Origin origin, byte[] json, boolean sealed) {}
