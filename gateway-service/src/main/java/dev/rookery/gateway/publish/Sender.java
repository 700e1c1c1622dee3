package dev.rookery.gateway.publish;

import dev.rookery.event.Bytes32;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.message.Verdict;

/// Whoever sent an EVENT and is to be told what became of it.
public interface Sender {

    AddressBlock address();

    /// Comes exactly once for each event that was published, on any thread.
    void answered(Bytes32 id, Verdict verdict);
}
