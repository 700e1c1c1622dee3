package dev.rookery.gateway.face;

import dev.rookery.gateway.access.AccessProperties;
import dev.rookery.gateway.limits.LimitsProperties;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Writes the NIP-11 document out of the settings that the gateway enforces.
public final class InformationDocument {

    /// Only what works. 12, 16, 20 and 33 are part of NIP-01 now. 2, 4, 15, 18, 22, 23, 25, 28, 51, 57, 58, 65, 66, 71,
    /// 72, 78, 84, 89, 94 and 99 ask for nothing but to keep their kinds and to find them by their tags.
    static final List<Integer> SUPPORTED_NIPS = List.of(
            1, 2, 4, 9, 11, 12, 13, 15, 16, 17, 18, 20, 22, 23, 25, 28, 33, 40, 42, 45, 50, 51, 57, 58, 59, 62, 65, 66,
            70, 71, 72, 77, 78, 84, 89, 94, 99);

    private final InfoProperties info;
    private final LimitsProperties limits;
    private final AccessProperties access;
    private final boolean eoseHints;
    private final Clock clock;
    private final JsonMapper mapper = JsonMapper.builder().build();

    /// @param eoseHints whether NIP-67 is kept
    public InformationDocument(
            InfoProperties info, LimitsProperties limits, AccessProperties access, boolean eoseHints, Clock clock) {
        this.info = info;
        this.limits = limits;
        this.access = access;
        this.eoseHints = eoseHints;
        this.clock = clock;
    }

    byte[] json() {
        return mapper.writeValueAsBytes(information());
    }

    private RelayInformation information() {
        return new RelayInformation(
                info.name(),
                info.description(),
                info.banner(),
                info.icon(),
                info.pubkey(),
                info.contact(),
                eoseHints
                        ? Stream.concat(SUPPORTED_NIPS.stream(), Stream.of(67))
                                .sorted()
                                .toList()
                        : SUPPORTED_NIPS,
                info.software(),
                info.version(),
                info.termsOfService(),
                limitation());
    }

    private RelayInformation.Limitation limitation() {
        long now = clock.instant().getEpochSecond();
        return new RelayInformation.Limitation(
                limits.messageBytes(),
                limits.subscriptions(),
                limits.maxLimit(),
                limits.subscriptionIdLength(),
                limits.eventTags(),
                limits.contentLength(),
                limits.powDifficulty(),
                // "to happen before a new connection may perform any other action": who only reads is not to be asked.
                access.toRead(),
                false,
                access.restrictsWrites() || limits.powDifficulty() > 0,
                now - limits.createdAtFrom().getEpochSecond(),
                limits.createdAtAhead().toSeconds(),
                limits.defaultLimit());
    }
}
