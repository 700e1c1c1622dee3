package dev.rookery.gateway.session;

import dev.rookery.filter.Filter;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.limits.Shares;
import dev.rookery.gateway.limits.TokenBucket;
import dev.rookery.gateway.limits.TokenBuckets;
import dev.rookery.message.Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What one connection may ask for: how often, how many subscriptions at a time, and how much their filters weigh
/// together. What filters weigh is what they cost for as long as they stand, so a heavy REQ counts as several.
/// Confined to the connection's event loop.
final class RequestBounds {

    private static final String TOO_HEAVY =
            Prefix.RATE_LIMITED.with("the filters of all open subscriptions have too many values together");
    private static final int WEIGHT_OF_ANOTHER_REQUEST = 500;

    private final OfAll ofAll;
    private final LimitsProperties limits;
    private final AddressBlock address;
    private final Runnable tooFast;
    private final TokenBucket rate;
    private final Map<String, Integer> weights = new HashMap<>();
    private int weight;

    /// What all connections share: the bounds by address. Thread-safe.
    ///
    /// @param nanos as `System.nanoTime`
    record OfAll(
            LimitsProperties limits,
            TokenBuckets<AddressBlock> rates,
            Shares<AddressBlock> weights,
            LongSupplier nanos,
            SessionMeters meters) {

        private static final int MOST_ADDRESSES = 1_000_000;

        OfAll(LimitsProperties limits, LongSupplier nanos, SessionMeters meters) {
            this(
                    limits,
                    new TokenBuckets<>(limits.requestsPerAddress(), MOST_ADDRESSES, nanos),
                    new Shares<>(limits.subscriptionWeightPerAddress()),
                    nanos,
                    meters);
        }
    }

    /// @param tooFast told of whatever goes beyond a rate
    RequestBounds(OfAll ofAll, AddressBlock address, Runnable tooFast) {
        this.ofAll = ofAll;
        this.tooFast = tooFast;
        this.limits = ofAll.limits();
        this.address = address;
        this.rate =
                new TokenBucket(limits.requestsPerConnection(), ofAll.nanos().getAsLong());
    }

    /// Why a subscription may not be opened; null when it may. From then on it counts, until `closed` is called. None
    /// is open under the id, and the request has been counted.
    @Nullable
    String refuse(String id, List<Filter> filters) {
        int more = weight(filters);
        if (weights.size() >= limits.subscriptions()) {
            ofAll.meters().refused("subscriptions");
            return Prefix.RATE_LIMITED.with("no more than " + limits.subscriptions() + " subscriptions at a time");
        }
        if (isTooHeavy(more)) {
            return TOO_HEAVY;
        }
        weights.put(id, more);
        weight += more;
        return null;
    }

    /// Why nothing more may be asked of the store beside all subscriptions; null when it may.
    ///
    /// @param open how many such questions are under way
    @Nullable
    String refuseQuestion(int open) {
        if (open >= limits.questions()) {
            ofAll.meters().refused("questions");
            return Prefix.RATE_LIMITED.with("no more than " + limits.questions() + " counts and syncs at a time");
        }
        return null;
    }

    /// Counts a request, whatever becomes of it.
    boolean isTooFast(List<Filter> filters) {
        long searches =
                filters.stream().filter(filter -> filter.search().isPresent()).count();
        return isTooFast(1 + weight(filters) / WEIGHT_OF_ANOTHER_REQUEST + (int) searches);
    }

    private static int weight(List<Filter> filters) {
        return filters.stream().mapToInt(Filter::weight).sum();
    }

    /// Counts what is neither an EVENT nor a request, and takes as long to answer.
    ///
    /// @param times as how many requests it counts
    boolean isTooFast(int times) {
        if (limits.enabled() && !rate.take(ofAll.nanos().getAsLong(), times)) {
            return tooFast("connection.rate");
        }
        if (limits.enabled() && !ofAll.rates().take(address, times)) {
            return tooFast("address.rate");
        }
        return false;
    }

    private boolean tooFast(String bound) {
        ofAll.meters().refused(bound);
        tooFast.run();
        return true;
    }

    private boolean isTooHeavy(int more) {
        if (more > limits.subscriptionWeight() - weight) {
            ofAll.meters().refused("connection.weight");
            return true;
        }
        if (limits.enabled() && !ofAll.weights().take(address, more)) {
            ofAll.meters().refused("address.weight");
            return true;
        }
        return false;
    }

    /// A subscription is no longer open, whyever.
    void closed(String id) {
        Integer less = weights.remove(id);
        if (less != null) {
            weight -= less;
            if (limits.enabled()) {
                ofAll.weights().giveBack(address, less);
            }
        }
    }
}
