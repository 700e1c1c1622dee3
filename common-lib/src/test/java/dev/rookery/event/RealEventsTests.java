package dev.rookery.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.RealEvents;
import dev.rookery.signature.SignatureCheck;
import dev.rookery.signature.SignatureChecks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RealEventsTests {

    private final List<byte[]> events = RealEvents.json();

    @Test
    void everyRealEventIsReadAndItsIdAndSignatureAreGood() throws MalformedMessageException {
        SignatureCheck check = SignatureChecks.best();
        assertThat(events).hasSize(1177);
        for (byte[] json : events) {
            Event event = EventReader.read(json);
            assertThat(event.hasValidId()).isTrue();
            assertThat(check.verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature()))
                    .isTrue();
        }
    }

    @Test
    void theCanonicalFormIsTheSameHoweverOftenItIsRead() throws MalformedMessageException {
        for (byte[] json : events) {
            byte[] canonical = EventReader.read(json).json();
            assertThat(canonical).isEqualTo(json);
            assertThat(EventReader.read(canonical).json()).isEqualTo(canonical);
        }
    }
}
