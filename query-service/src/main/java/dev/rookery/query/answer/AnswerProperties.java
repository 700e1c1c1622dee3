package dev.rookery.query.answer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How large answers and their parts may be.
///
/// @param defaultLimit events for a filter that has no limit
/// @param maxLimit     events for one filter at most, whatever a gateway asks for; what clients may have, it says
/// @param pageSize     of events in one page; a single larger one still goes, alone
/// @param pageEvents   events fetched at once at most
/// @param patience     the longest that the next page may take
/// @param rangeEvents  the longest range by `seq` that is answered
/// @param questions    in one request for statuses at most
public record AnswerProperties(
        @DefaultValue("500") int defaultLimit,
        @DefaultValue("1000000") int maxLimit,
        @DefaultValue("256KB") DataSize pageSize,
        @DefaultValue("500") int pageEvents,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("100000") int rangeEvents,
        @DefaultValue("5000") int questions) {

    public AnswerProperties {
        atLeastOne("default-limit", defaultLimit);
        atLeastOne("max-limit", maxLimit);
        atLeastOne("page-size", pageSize.toBytes());
        atLeastOne("page-events", pageEvents);
        atLeastOne("range-events", rangeEvents);
        atLeastOne("questions", questions);
        atLeastOne("patience", patience.toMillis());
    }

    AnswerProperties withLimit(int limit) {
        return new AnswerProperties(limit, limit, pageSize, pageEvents, patience, rangeEvents, questions);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("relay.query.answer." + name + " must be positive, not " + value);
        }
    }
}
