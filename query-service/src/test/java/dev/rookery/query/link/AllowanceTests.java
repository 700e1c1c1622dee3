package dev.rookery.query.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class AllowanceTests {

    private final List<Long> heard = new ArrayList<>();

    @Test
    void tellsAtOnceWhatIsLeft() {
        Allowance allowance = new Allowance(10, 100);
        allowance.use(4);

        allowance.available().subscribe(heard::add);

        assertThat(heard).containsExactly(6L);
    }

    @Test
    void letsWaitWhenAllIsUsedUntilMoreIsGrantedThanWasOverdrawn() {
        Allowance allowance = new Allowance(10, 100);
        allowance.use(15);
        allowance.available().subscribe(heard::add);

        allowance.grant(5);
        assertThat(heard).isEmpty();

        allowance.grant(3);
        assertThat(heard).containsExactly(3L);
    }

    @Test
    void neverHoldsMoreThanItsMost() {
        Allowance allowance = new Allowance(1_000, 100);
        allowance.grant(Long.MAX_VALUE);
        allowance.grant(-50);

        allowance.available().subscribe(heard::add);

        assertThat(heard).containsExactly(100L);
    }

    @Test
    void takesAllThatIsGrantedForWhatWasOverdrawnByMoreThanItsMost() {
        Allowance allowance = new Allowance(100, 100);
        allowance.use(350);
        allowance.available().subscribe(heard::add);

        allowance.grant(260);
        assertThat(heard).containsExactly(10L);

        allowance.grant(Long.MAX_VALUE);
        allowance.available().subscribe(heard::add);
        assertThat(heard).containsExactly(10L, 100L);
    }

    @Test
    void forgetsWhoHasGivenUp() {
        Allowance allowance = new Allowance(0, 100);
        Disposable waiting = allowance.available().subscribe(heard::add);
        waiting.dispose();

        allowance.grant(5);

        assertThat(heard).isEmpty();
    }
}
