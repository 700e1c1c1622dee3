package dev.rookery.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.address.AddressBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GivingWayTests {

    private final GivingWay givingWay = new GivingWay();
    private final List<Client> left = new ArrayList<>();

    @Test
    void letsTheLargestLeaveOfTheAddressThatHoldsMost() {
        client(1, 60);
        Client largest = client(2, 50);
        client(2, 30);
        givingWay.makeRoom(140, 140);
        assertThat(left).isEmpty();
        givingWay.makeRoom(141, 140);
        assertThat(left).containsExactly(largest);
    }

    /// What is about to be given up is as good as gone.
    @Test
    void letsNobodyElseLeaveBeforeTheFirstHasLeft() {
        Client first = client(1, 50);
        Client second = client(1, 40);
        givingWay.makeRoom(90, 60);
        givingWay.makeRoom(90, 60);
        assertThat(left).containsExactly(first);
        givingWay.remove(first);
        first.then.run();
        givingWay.makeRoom(90, 60);
        assertThat(left).containsExactly(first, second);
    }

    /// Each goes on taking and giving back on its own thread, while they are put in order.
    @Test
    void isNotConfusedByWhatChangesMeanwhile() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            client(1, () -> random.nextLong(1_000));
        }
        for (int i = 0; i < 20; i++) {
            givingWay.makeRoom(Long.MAX_VALUE, 0);
        }
        assertThat(left).hasSize(20);
    }

    private Client client(int address, long held) {
        return client(address, () -> held);
    }

    private Client client(int address, LongSupplier held) {
        Client client = new Client(new AddressBlock(false, address), held);
        givingWay.add(client);
        return client;
    }

    private final class Client implements GivingWay.Holder {

        private final AddressBlock address;
        private final LongSupplier held;
        private boolean leaving;
        private Runnable then = () -> {};

        Client(AddressBlock address, LongSupplier held) {
            this.address = address;
            this.held = held;
        }

        @Override
        public AddressBlock address() {
            return address;
        }

        @Override
        public long held() {
            return held.getAsLong();
        }

        @Override
        public boolean beginLeaving() {
            boolean begins = !leaving;
            leaving = true;
            return begins;
        }

        @Override
        public void leave(Runnable whenLeft) {
            left.add(this);
            then = whenLeft;
        }
    }
}
