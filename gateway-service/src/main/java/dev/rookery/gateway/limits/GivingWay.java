package dev.rookery.gateway.limits;

import dev.rookery.gateway.address.AddressBlock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Who gives way when all together hold too much of something: of the address for which most is held, whoever holds
/// most. So a client that takes little, however many connections it has, costs itself what it asked for and not the
/// others. Thread-safe.
public final class GivingWay {

    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    private final AtomicLong leaving = new AtomicLong();

    /// One connection. Asked on any thread.
    public interface Holder {

        AddressBlock address();

        long held();

        /// False when it is about to give way already.
        boolean beginLeaving();

        /// Gives up what it holds.
        ///
        /// @param then run when it has
        void leave(Runnable then);
    }

    /// It holds something.
    public void add(Holder holder) {
        holders.add(holder);
    }

    /// It holds nothing.
    public void remove(Holder holder) {
        holders.remove(holder);
    }

    /// Has one give way where too much is held.
    ///
    /// @param held by all together
    public void makeRoom(long held, long most) {
        if (held - leaving.get() > most) {
            largest()
                    .map(Holding::holder)
                    .filter(Holder::beginLeaving)
                    .findFirst()
                    .ifPresent(this::empty);
        }
    }

    private void empty(Holder holder) {
        long held = holder.held();
        leaving.addAndGet(held);
        holder.leave(() -> leaving.addAndGet(-held));
    }

    /// Those of the address for which most is held, the largest first.
    private Stream<Holding> largest() {
        List<Holding> all = holders.stream().map(Holding::now).toList();
        Map<AddressBlock, Long> byAddress = new HashMap<>();
        all.forEach(each -> byAddress.merge(each.holder().address(), each.held(), Long::sum));
        return all.stream()
                .sorted(Comparator.comparingLong((Holding each) ->
                                byAddress.getOrDefault(each.holder().address(), 0L))
                        .thenComparingLong(Holding::held)
                        .reversed());
    }

    /// What one holds changes on its own thread, also while they are put in order.
    private record Holding(Holder holder, long held) {

        static Holding now(Holder holder) {
            return new Holding(holder, holder.held());
        }
    }
}
