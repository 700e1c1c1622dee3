package dev.rookery.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class QueryClientTests {

    private static final Position AT = new Position(1, 1);

    /// 0 stands for the whole link, and a number that is in use for another's request.
    @Test
    void givesNumbersThatGoRoundFromOne() {
        QueryClient client = linked();
        client.lastRequest.set(Integer.MAX_VALUE - 1);
        List<String> heard = new ArrayList<>();
        int last = ask(client, "last", heard);
        int first = ask(client, "first", heard);
        assertThat(List.of(last, first)).containsExactly(Integer.MAX_VALUE, 1);
        client.received(new LinkFrame.End(1, AT));
        assertThat(heard).containsExactly("first");
    }

    @Test
    void leavesOutTheNumberOfARequestThatIsStillOpen() {
        QueryClient client = linked();
        List<String> heard = new ArrayList<>();
        assertThat(ask(client, "old", heard)).isEqualTo(1);
        client.lastRequest.set(Integer.MAX_VALUE);
        assertThat(ask(client, "new", heard)).isEqualTo(2);
        client.received(new LinkFrame.End(1, AT));
        client.received(new LinkFrame.End(2, AT));
        assertThat(heard).containsExactly("old", "new");
    }

    private static QueryClient linked() {
        QueryClient client = new QueryClient();
        client.opened(new Link(frame -> {}, () -> true, () -> {}));
        return client;
    }

    private static int ask(QueryClient client, String name, List<String> heard) {
        return client.range(AT, AT, 1, frame -> heard.add(name));
    }
}
