package dev.rookery.gateway.limits;

import dev.rookery.admission.AdmissionLimits;
import dev.rookery.filter.FilterBounds;
import dev.rookery.message.MessageBounds;
import dev.rookery.topics.Topics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What clients may send. NIP-11 tells clients of those that it has fields for, from this very record.
///
/// @param enabled whether rates and the bounds per address hold; false for load tests, imports and
///     private relays. The other limits always hold
/// @param messageSize of one WebSocket message, fragments put together (NIP-11 `max_message_length`); 6 MB at most
/// @param contentLength Unicode code points of an event's content (`max_content_length`)
/// @param eventTags tags of an event (`max_event_tags`)
/// @param createdAtFrom the oldest `created_at` that is taken, inclusive (`created_at_lower_limit`, there relative
///     to now)
/// @param createdAtAhead how far `created_at` may be in the future, inclusive (`created_at_upper_limit`)
/// @param refusedKinds kinds that are not taken
/// @param powDifficulty leading zero bits that an id needs, NIP-13 (`min_pow_difficulty`)
/// @param subscriptions open on one connection (`max_subscriptions`)
/// @param subscriptionIdLength Unicode code points (`max_subid_length`)
/// @param filters in one REQ or COUNT
/// @param filterKeys ids, authors or kinds in one filter, each
/// @param filterTagValues values for one tag in one filter
/// @param subscriptionWeight of one connection's open subscriptions together: one for each filter, one for each value
///     of its lists, and, where it names authors and up to four kinds, one for each pair of them
/// @param subscriptionWeightPerAddress the same, of all connections of a client's address together
/// @param questions COUNTs and reconciliations (NIP-77) of one connection at a time
/// @param maxLimit a larger `limit` in a filter is lowered to this (`max_limit`)
/// @param defaultLimit of a filter without `limit` (`default_limit`); never more than `maxLimit`
/// @param eventsPerAuthor EVENTs with a good signature that become stored, by their author; of ephemeral kinds those
///     that come from one address, by author and address; kinds in `unratedKinds` are not counted
/// @param eventsPerAddress EVENTs before anything else is looked at, by the client's address; one counts once more for
///     each full 64 KB of its message
/// @param requestsPerConnection REQs and the like; one counts once more for each full 500 that its filters weigh
/// @param requestsPerAddress the same, by the client's address
/// @param unratedKinds exempt from `eventsPerAuthor`: NIP-59 gift wraps are signed with keys used once, and requests to
///     delete and to vanish (NIP-09, NIP-62) are not to wait behind what an author has published or others have sent
@Validated
@ConfigurationProperties("relay.limits")
public record LimitsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("512KB") DataSize messageSize,
        @DefaultValue("512000") @Min(1) int contentLength,
        @DefaultValue("2000") @Min(0) int eventTags,
        @DefaultValue("2000-01-01T00:00:00Z") Instant createdAtFrom,
        @DefaultValue("900s") Duration createdAtAhead,
        @DefaultValue Set<Integer> refusedKinds,
        @DefaultValue("0") @Min(0) @Max(256) int powDifficulty,
        @DefaultValue("300") @Min(1) int subscriptions,
        @DefaultValue("64") @Min(1) int subscriptionIdLength,
        @DefaultValue("20") @Min(1) int filters,
        @DefaultValue("5000") @Min(1) int filterKeys,
        @DefaultValue("2500") @Min(1) int filterTagValues,
        @DefaultValue("30000") @Min(1) int subscriptionWeight,
        @DefaultValue("150000") @Min(1) int subscriptionWeightPerAddress,
        @DefaultValue("20") @Min(1) int questions,
        @DefaultValue("5000") @Min(1) @Max(1_000_000) int maxLimit,
        @DefaultValue("500") @Min(1) int defaultLimit,
        @DefaultValue("10 per minute, burst 60") Rate eventsPerAuthor,
        @DefaultValue("600 per minute, burst 1200") Rate eventsPerAddress,
        @DefaultValue("100 per minute, burst 300") Rate requestsPerConnection,
        @DefaultValue("100 per minute, burst 300") Rate requestsPerAddress,
        @DefaultValue({"5", "62", "1059"}) Set<Integer> unratedKinds) {

    private static final DataSize SMALLEST_MESSAGE = DataSize.ofKilobytes(1);

    /// What is taken must be able to go all the way: an event gets headers when it is logged, and more when it is
    /// emitted.
    private static final DataSize LARGEST_MESSAGE = DataSize.ofBytes(Topics.MAX_EVENT_BYTES - (1 << 20));

    public LimitsProperties {
        if (messageSize.compareTo(SMALLEST_MESSAGE) < 0 || messageSize.compareTo(LARGEST_MESSAGE) > 0) {
            throw new IllegalArgumentException(
                    "relay.limits.message-size must be from " + SMALLEST_MESSAGE + " to " + LARGEST_MESSAGE);
        }
        defaultLimit = Math.min(defaultLimit, maxLimit);
        refusedKinds = Set.copyOf(refusedKinds);
        unratedKinds = Set.copyOf(unratedKinds);
    }

    public int messageBytes() {
        return (int) messageSize.toBytes();
    }

    public MessageBounds messageBounds() {
        return new MessageBounds(subscriptionIdLength, new FilterBounds(filters, filterKeys, filterTagValues));
    }

    public AdmissionLimits admission() {
        return new AdmissionLimits(
                contentLength, eventTags, createdAtFrom, createdAtAhead, refusedKinds, powDifficulty);
    }
}
