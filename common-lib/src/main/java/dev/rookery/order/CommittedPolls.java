package dev.rookery.order;

/// When to ask the database how far it is: each time while nothing is applied, as what comes last could be missing
/// unnoticed; each so many times while records arrive, which tell as much. For one thread.
public final class CommittedPolls {

    private final int eachWhileBusy;
    private int passed;
    private Position last = Position.NONE;

    public CommittedPolls(int eachWhileBusy) {
        this.eachWhileBusy = eachWhileBusy;
    }

    /// To be asked at equal intervals.
    ///
    /// @param applied the last position applied
    public boolean isDue(Position applied) {
        boolean idle = applied.equals(last);
        last = applied;
        passed++;
        if (!idle && passed < eachWhileBusy) {
            return false;
        }
        passed = 0;
        return true;
    }
}
