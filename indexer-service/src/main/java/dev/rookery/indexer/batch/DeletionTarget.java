package dev.rookery.indexer.batch;

import dev.rookery.event.Bytes32;

/// What a deletion request (NIP-09) or a request to vanish (NIP-62) is aimed at. Whether it may be the requester's to
/// delete is judged with the decision.
public sealed interface DeletionTarget {

    /// NIP-09, `e`: one event, whatever its time.
    record ById(Bytes32 id) implements DeletionTarget {}

    /// NIP-09, `a`: "all versions of the replaceable event up to the `created_at` timestamp of the deletion request".
    ///
    /// @param identifierHash SHA-256
    record ByAddress(int kind, Bytes32 identifierHash) implements DeletionTarget {}

    /// NIP-62: everything of the requester up to the time of the request, and the gift wraps sent to the requester.
    record Everything() implements DeletionTarget {}
}
