package dev.rookery.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 7692, 5.1 and 7.1.
@Timeout(30)
class CompressionOffersTests {

    private static final String PLAIN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final String WITH_WINDOW = PLAIN + "; server_max_window_bits=15";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits", // browsers, ws
                "permessage-deflate;client_max_window_bits=8",
                "permessage-deflate ; client_max_window_bits = 15",
                "permessage-deflate; client_max_window_bits=\"10\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "\tpermessage-deflate;\tclient_no_context_takeover",
                "x-webkit-deflate-frame, permessage-deflate",
                "foo; a=b; c=\"d\", permessage-deflate",
            })
    void areTakenWithoutContextTakeover(String offer) {
        assertThat(CompressionOffers.answer(List.of(offer))).contains(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=9; server_max_window_bits=\"15\"",
            })
    void areToldTheWindowTheyAskedFor(String offer) {
        assertThat(CompressionOffers.answer(List.of(offer))).contains(WITH_WINDOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",,",
                "foo",
                "permessage-deflate=1",
                "Permessage-Deflate",
                "permessage-deflate; unknown",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=14",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"\"",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate;",
                "permessage-deflate; ; client_no_context_takeover",
                "permessage-deflate client_no_context_takeover",
                "permessage-deflate; =10",
            })
    void arePassedOverWhereTheyCannotBeKept(String offer) {
        assertThat(CompressionOffers.answer(List.of(offer))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | false",
                "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=15 | true",
                "permessage-deflate; server_max_window_bits=15, permessage-deflate | true",
            })
    void areTriedInTheirOrder(String offers, boolean withWindow) {
        assertThat(CompressionOffers.answer(List.of(offers))).contains(withWindow ? WITH_WINDOW : PLAIN);
        assertThat(CompressionOffers.answer(List.of(offers.split(",")))).contains(withWindow ? WITH_WINDOW : PLAIN);
    }

    @Test
    void areNotReadWhereTheyAreEndless() {
        assertThat(CompressionOffers.answer(List.of("a,".repeat(1_000) + "permessage-deflate")))
                .isEmpty();
        assertThat(CompressionOffers.answer(List.of())).isEmpty();
    }
}
