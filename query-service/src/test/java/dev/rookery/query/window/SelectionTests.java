package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SelectionTests {

    private static final long NOW = 1_700_000_000;
    private static final SchnorrSigner AUTHOR = WindowTests.signer(1);
    private static final int LOOKS = 100;

    private final HotEvents events = new HotEvents(List.of());

    /// As when somebody has published events of thousands of tags.
    @Test
    void countsWhatHasToBeReadOfTheTags() {
        for (int i = 0; i < 50; i++) {
            add(i, List.of(Tag.of("t", "x")));
        }
        assertThat(found("{\"#t\":[\"x\"]}"))
                .hasValueSatisfying(all -> assertThat(all).hasSize(50));
        for (int i = 50; i < 60; i++) {
            add(i, Collections.nCopies(2_000, Tag.of("t", "x")));
        }
        assertThat(found("{\"#t\":[\"x\"],\"limit\":1}")).isPresent();
        assertThat(found("{\"#t\":[\"x\"],\"limit\":30}")).as("of 20 KB each").isEmpty();
        assertThat(found("{\"#t\":[\"y\"]}")).as("nothing to be read").contains(List.of());
        assertThat(found("{\"limit\":30}")).as("nothing to be read").isPresent();
    }

    private void add(long second, List<Tag> tags) {
        events.add(new HotEvent(Event.of(AUTHOR, NOW + second, 1, tags, "")));
    }

    private Optional<List<byte[]>> found(String filter) {
        return new Selection(events, any -> Window.EVERYTHING, any -> true, LOOKS)
                .of(WindowTests.read("[" + filter + "]"));
    }
}
