package dev.rookery.query.stored;

import java.util.List;

/// Questions that no request asks.
public final class TestCalls {

    private TestCalls() {}

    /// Takes its time, and a connection for as long.
    public static Call<Boolean> sleep(long millis) {
        String sql =
                "select c.epoch, c.seq, case when pg_sleep(%d / 1000.0) is null then ''::bytea end from events.committed() c"
                        .formatted(millis);
        return new Call<>("sleep", sql, List.of(), bytes -> true);
    }
}
