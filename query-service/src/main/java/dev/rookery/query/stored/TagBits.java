package dev.rookery.query.stored;

import java.util.ArrayList;
import java.util.List;

/// What an event's tags have to be, as statements ask it: each of the tag names asked for has a bit, and one of its
/// values sets it.
///
/// @param hashes of all values
/// @param names  for each of them the bit of its name
@SuppressWarnings("ArrayRecordComponent") // arguments are handed on, and never compared
record TagBits(long all, Long[] hashes, Long[] names) {

    static TagBits of(List<List<Long>> tags) {
        List<Long> hashes = new ArrayList<>();
        List<Long> names = new ArrayList<>();
        long all = 0;
        for (int name = 0; name < tags.size(); name++) {
            long bit = 1L << name;
            all |= bit;
            hashes.addAll(tags.get(name));
            tags.get(name).forEach(hash -> names.add(bit));
        }
        return new TagBits(all, hashes.toArray(Long[]::new), names.toArray(Long[]::new));
    }
}
