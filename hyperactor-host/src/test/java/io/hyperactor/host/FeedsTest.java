package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class FeedsTest {
    private static final ProcId PROC = new ProcId(ChannelAddress.parse("unix:/a"), "p");

    private long now;
    private final List<Integer> ended = new ArrayList<>();
    private final Feeds feeds = new Feeds(() -> now);

    private static PortId port(int index) {
        return PROC.actor("client", 0).port(index);
    }

    private void add(int index) {
        Feed<String> feed = new Feed<>(1, 1, _ -> {}, _ -> List.of());
        feeds.add(port(index), feed, () -> ended.add(index));
    }

    @Test
    void aFeedThatEndsLetsGoOfItsSource() {
        add(1);
        assertThat(feeds.taken(port(1), 0)).isTrue();
        feeds.end(port(1));
        feeds.end(port(1));
        assertThat(ended).containsExactly(1);
        assertThat(feeds.taken(port(1), 0)).isFalse();
    }

    @Test
    void whatComesWhenAllHaveEndedEndsToo() {
        add(1);
        feeds.close();
        assertThat(ended).containsExactly(1);
        add(2);
        assertThat(ended).containsExactly(1, 2);
        assertThat(feeds.taken(port(2), 0)).isFalse();
    }

    @Test
    void aSecondFeedToAPortTakesThePlaceOfTheFirst() {
        add(1);
        add(1);
        assertThat(ended).containsExactly(1);
        assertThat(feeds.taken(port(1), 0)).isTrue();
    }

    @Test
    void whoIsNotHeardOfMakesRoom() {
        for (int i = 0; i < Feeds.MAX; i++) {
            assertThat(feeds.hasRoom()).isTrue();
            add(i);
        }
        assertThat(feeds.hasRoom()).isFalse();
        now = Feeds.SILENCE_MAX.toNanos();
        feeds.taken(port(7), 0);
        now++;
        assertThat(feeds.hasRoom()).isTrue();
        assertThat(ended).hasSize(Feeds.MAX - 1).doesNotContain(7);
    }

    @Test
    void whoIsSilentStaysWhileThereIsRoom() {
        add(1);
        now = Feeds.SILENCE_MAX.toNanos() * 10;
        assertThat(feeds.hasRoom()).isTrue();
        assertThat(ended).isEmpty();
    }

    @Test
    void allEndTogether() {
        add(1);
        add(2);
        feeds.close();
        assertThat(ended).containsExactlyInAnyOrder(1, 2);
    }
}
