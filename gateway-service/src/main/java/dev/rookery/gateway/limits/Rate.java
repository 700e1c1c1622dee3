package dev.rookery.gateway.limits;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often something may be done; in settings `10 per minute, burst 60`.
///
/// @param perMinute in the long run
/// @param burst at once, after a time of rest
public record Rate(int perMinute, int burst) {

    static final long REFUSED = Long.MIN_VALUE;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final long LONGEST_REST_MINUTES = 365L * 24 * 60;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}) per minute, burst (\\d{1,9})");

    public Rate {
        if (perMinute < 1 || burst < 1) {
            throw new IllegalArgumentException("a rate is at least 1 per minute, burst 1");
        }
        if (burst / perMinute > LONGEST_REST_MINUTES) {
            throw new IllegalArgumentException("a burst of " + burst + " takes more than a year to be earned");
        }
    }

    /// Found by the binder of settings.
    public static Rate valueOf(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not like '10 per minute, burst 60'");
        }
        return new Rate(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    @Override
    public String toString() {
        return perMinute + " per minute, burst " + burst;
    }

    /// The time in which one is earned.
    long nanosEach() {
        return MINUTE_NANOS / perMinute;
    }

    /// Decides by a bucket's state alone, which is one number: the time at which the bucket is full again (GCRA).
    ///
    /// @param fullAt the state, or any time past for a full bucket
    /// @param now nanoseconds of the same clock
    /// @param times it is done at once; more than the burst count as the burst, or it could never be done
    /// @return the new state, or `REFUSED`
    long take(long fullAt, long now, int times) {
        long from = fullAt - now > 0 ? fullAt : now;
        long counted = Math.min(times, burst);
        return from - now > nanosEach() * (burst - counted) ? REFUSED : from + nanosEach() * counted;
    }

    /// The state once one that was taken is back. A time that is past by then is a full bucket, as any such time.
    long giveBack(long fullAt) {
        return fullAt - nanosEach();
    }
}
