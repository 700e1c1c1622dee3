package dev.rookery.query.plan;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Kinds;
import java.util.List;
import java.util.Optional;

/// What a filter is answered from: ranges of one index, numbered from 0, each of which holds keys in their order.
public sealed interface Sources {

    int count();

    /// Whether no source can hold more than one key.
    default boolean holdOneEach() {
        return false;
    }

    /// Every event.
    record ByTime() implements Sources {
        @Override
        public int count() {
            return 1;
        }
    }

    record ByKind(List<Integer> kinds) implements Sources {
        @Override
        public int count() {
            return kinds.size();
        }
    }

    record ByAuthor(List<Bytes32> authors) implements Sources {
        @Override
        public int count() {
            return authors.size();
        }
    }

    /// Each author with each kind: source `n` is the author `n / kinds` with the kind `n % kinds`.
    record ByAuthorAndKind(List<Bytes32> authors, List<Integer> kinds) implements Sources {
        @Override
        public int count() {
            return authors.size() * kinds.size();
        }

        @Override
        public boolean holdOneEach() {
            return kinds.stream().allMatch(Kinds::isReplaceable);
        }

        public Bytes32 author(int source) {
            return authors.get(source / kinds.size());
        }

        public int kind(int source) {
            return kinds.get(source % kinds.size());
        }
    }

    /// @param hashes of one tag name's values
    /// @param kinds  the index knows the kind too: others are left out
    record ByTag(char name, List<Long> hashes, Optional<List<Integer>> kinds) implements Sources {
        @Override
        public int count() {
            return hashes.size();
        }
    }

    /// Not ranges but single events, all found at once.
    record ByIds(List<Bytes32> ids) implements Sources {
        @Override
        public int count() {
            return 1;
        }
    }
}
