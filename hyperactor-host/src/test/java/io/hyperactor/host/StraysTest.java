package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class StraysTest {
    private final Map<Integer, String> marked = new TreeMap<>();
    private final List<Integer> killed = new ArrayList<>();
    private boolean immortal;
    private boolean blind; // for want of descriptors
    private int looks;
    private long now = Long.MAX_VALUE - 1000; // a clock may run over

    private final Strays strays =
            new Strays(
                    new Strays.Processes() {
                        @Override
                        public Strays.Marked look() {
                            looks++;
                            return new Strays.Marked(Map.copyOf(marked), !blind);
                        }

                        @Override
                        public void kill(int pid, String mark) {
                            killed.add(pid);
                            if (!immortal) {
                                assertThat(marked.remove(pid)).isEqualTo(mark);
                            }
                        }
                    },
                    () -> now);

    @Test
    void whatHasTheMarkIsKilledAndNothingElse() {
        marked.putAll(Map.of(10, "h.1.1", 11, "h.1.10", 12, "h.1.1", 13, "h.2.1"));
        strays.seek("h.1.1"::equals);

        assertThat(strays.look()).isTrue();

        assertThat(killed).containsExactlyInAnyOrder(10, 12);
    }

    @Test
    void whatItCouldNotLookAtIsNotClean() {
        blind = true;
        strays.seek("h.1.1"::equals);

        assertThat(strays.look()).isTrue();
        assertThat(strays.look()).isTrue();
        assertThat(strays.look()).isTrue();
        blind = false;
        assertThat(strays.look()).isTrue();
        assertThat(strays.look()).isFalse();
    }

    @Test
    void itLooksUntilThereWasNoneTwiceInARow() {
        strays.seek("h.1.1"::equals);

        assertThat(strays.look()).isTrue();
        marked.put(10, "h.1.1"); // was forked while it looked
        assertThat(strays.look()).isTrue();
        assertThat(strays.look()).isTrue();
        assertThat(strays.look()).isFalse();

        assertThat(killed).containsExactly(10);
    }

    @Test
    void oneLookServesAllThatWereAskedFor() {
        for (int launch = 1; launch <= 100; launch++) {
            marked.put(launch, "h.1." + launch);
            strays.seek(("h.1." + launch)::equals);
        }

        strays.look();

        assertThat(killed).hasSize(100);
        assertThat(looks).isOne();
    }

    @Test
    void whatCannotBeKilledIsGivenUp() {
        immortal = true;
        marked.put(10, "h.1.1");
        strays.seek("h.1.1"::equals);

        assertThat(strays.look()).isTrue();
        now += Strays.LIMIT_NANOS - 1;
        assertThat(strays.look()).isTrue();
        now++;
        assertThat(strays.look()).isFalse();

        assertThat(killed).containsExactly(10, 10, 10);
    }

    @Test
    void nobodyIsLookedForUnlessAsked() {
        strays.startIfDue();

        assertThat(strays.look()).isFalse();
        assertThat(looks).isZero();
        assertThat(strays.isIdle()).isTrue();
    }

    @Test
    void itIsIdleWhenAllIsDone() {
        strays.seek("h.1.1"::equals);
        assertThat(strays.isIdle()).isFalse();

        strays.startIfDue();

        await().until(strays::isIdle);
        assertThat(looks).isEqualTo(2);
    }
}
