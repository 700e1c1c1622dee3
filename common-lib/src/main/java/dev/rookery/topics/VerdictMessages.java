package dev.rookery.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.order.VerdictBatch;
import java.util.Arrays;

/// Verdicts as they are published: on a channel of one gateway of one relay, and sealed, because whoever else uses the
/// same Redis can publish there too.
///
/// Bytes: the seal over channel and batch (32), then the batch.
public final class VerdictMessages {

    private static final int SEAL = 32;

    private final Topics topics;
    private final Seal seal;

    /// @param topics whose prefix tells relays that share a Redis apart
    public VerdictMessages(Topics topics, Seal seal) {
        this.topics = topics;
        this.seal = seal;
    }

    public String channel(String gateway) {
        return topics.prefix() + "rookery:verdicts:" + gateway;
    }

    public byte[] write(String gateway, VerdictBatch verdicts) {
        byte[] batch = verdicts.encode();
        byte[] message = Arrays.copyOf(seal.of(channel(gateway).getBytes(UTF_8), batch), SEAL + batch.length);
        System.arraycopy(batch, 0, message, SEAL, batch.length);
        return message;
    }

    /// @throws IllegalArgumentException when no process of this suite wrote it for that gateway, or this release cannot
    ///   read it
    public VerdictBatch read(String gateway, byte[] message) {
        if (message.length < SEAL) {
            throw new IllegalArgumentException("verdicts cut short");
        }
        byte[] batch = Arrays.copyOfRange(message, SEAL, message.length);
        if (!seal.fits(Arrays.copyOf(message, SEAL), channel(gateway).getBytes(UTF_8), batch)) {
            throw new IllegalArgumentException("verdicts that no process of this suite sealed");
        }
        return VerdictBatch.decode(batch);
    }
}
