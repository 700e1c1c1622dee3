package dev.rookery.indexer.batch;

import dev.rookery.event.Bytes32;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts what the log delivered into batches: where one is full, and where two records touch one id, one address or
/// one author's deletion.
public final class BatchCutter {

    private final BatchProperties bounds;

    public BatchCutter(BatchProperties bounds) {
        this.bounds = bounds;
    }

    /// Takes candidates only as they are needed: those of the batch that is asked for, and the one behind it.
    public Iterator<Batch> cut(Iterator<Candidate> candidates) {
        return new Cut(candidates);
    }

    private final class Cut implements Iterator<Batch> {

        private final Iterator<Candidate> candidates;
        /// There was no room for it in the batch before.
        private @Nullable Candidate left;

        Cut(Iterator<Candidate> candidates) {
            this.candidates = candidates;
        }

        @Override
        public boolean hasNext() {
            return left != null || candidates.hasNext();
        }

        @Override
        public Batch next() {
            Open open = new Open();
            Candidate next = left == null ? candidates.next() : left;
            left = null;
            open.add(next);
            while (left == null && candidates.hasNext()) {
                next = candidates.next();
                if (open.hasRoomFor(next)) {
                    open.add(next);
                } else {
                    left = next;
                }
            }
            return new Batch(open.candidates);
        }
    }

    private record Address(Bytes32 author, int kind, Bytes32 identifierHash) {}

    /// The batch being filled, and what its events touch.
    private final class Open {

        private final List<Candidate> candidates = new ArrayList<>();
        private final Set<Bytes32> ids = new HashSet<>();
        private final Set<Address> addresses = new HashSet<>();
        /// Authors and recipients: those who may delete one of the events.
        private final Set<Bytes32> owners = new HashSet<>();
        private final Set<Bytes32> deleters = new HashSet<>();
        private long bytes;
        private long tags;

        boolean hasRoomFor(Candidate candidate) {
            if (candidates.size() >= bounds.maxEvents()
                    || bytes + size(candidate) > bounds.maxBytes().toBytes()
                    || tags + tags(candidate) > bounds.maxTags()) {
                return false;
            }
            return !(candidate instanceof Candidate.Sound sound) || !touches(sound);
        }

        private boolean touches(Candidate.Sound sound) {
            Bytes32 author = sound.event().pubkey();
            Address address = address(sound);
            return ids.contains(sound.event().id())
                    || (address != null && addresses.contains(address))
                    || deleters.contains(author)
                    || (sound.recipient() != null && deleters.contains(sound.recipient()))
                    || (sound.isDeletion() && owners.contains(author));
        }

        void add(Candidate candidate) {
            candidates.add(candidate);
            bytes += size(candidate);
            tags += tags(candidate);
            if (candidate instanceof Candidate.Sound sound) {
                remember(sound);
            }
        }

        private void remember(Candidate.Sound sound) {
            Bytes32 author = sound.event().pubkey();
            ids.add(sound.event().id());
            owners.add(author);
            ifPresent(sound.recipient(), owners::add);
            ifPresent(address(sound), addresses::add);
            if (sound.isDeletion()) {
                deleters.add(author);
            }
        }
    }

    private static @Nullable Address address(Candidate.Sound sound) {
        Bytes32 identifierHash = sound.address();
        return identifierHash == null
                ? null
                : new Address(sound.event().pubkey(), sound.event().kind(), identifierHash);
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> action) {
        if (value != null) {
            action.accept(value);
        }
    }

    private static int tags(Candidate candidate) {
        return candidate instanceof Candidate.Sound sound ? sound.tagHashes().length : 0;
    }

    private static long size(Candidate candidate) {
        byte[] value = candidate.record().value();
        return value == null ? 0 : value.length;
    }
}
