package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a process knows of others one below, at, and one above its bounds: what is beyond is
/// counted, and nothing else is.
final class BoundsTest {
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "there");
    private static final ProcId ASKER = new ProcId(new ChannelAddress.Local(2), "asker");

    @TempDir private Path directory;
    private final Map<BoundCounter, Long> before = counts();
    private final List<Envelope> news = new ArrayList<>();
    private final Home home =
            Home.of(
                    new Net.Nowhere() {
                        @Override
                        public boolean offer(Envelope envelope) {
                            return news.add(envelope);
                        }
                    });

    private static Map<BoundCounter, Long> counts() {
        Map<BoundCounter, Long> counts = new EnumMap<>(BoundCounter.class);
        for (BoundCounter what : BoundCounter.values()) {
            counts.put(what, Counters.count(what));
        }
        return counts;
    }

    private void assertCounted(BoundCounter what, long times) {
        before.merge(what, times, Long::sum);
        assertThat(counts()).isEqualTo(before);
    }

    private static ActorId in(String proc) {
        return new ProcId(ASKER.address(), proc).actor("sender", 0);
    }

    private static Envelope from(ActorId sender, long replyPort) {
        return new ObjectEnvelope(
                Origin.NOWHERE,
                Address.of(sender),
                Address.of(PROC.actor("a", 0)),
                Protocols.of(Work.class).handlerIndex(),
                0,
                replyPort,
                false,
                new Work.Item(0),
                Protocols.of(Work.class),
                null);
    }

    private static Envelope to(ActorId destination) {
        return ObjectEnvelope.news(
                Address.of(in("p")),
                Address.of(destination),
                7,
                0,
                "text",
                Protocols.of(String.class));
    }

    /// So many are known at most, and half of them when there is one more.
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void procsThatHaveAskedOne(int beyond) {
        int most = 2 * Askers.LATEST - 1;
        int forgotten = beyond > 0 ? Askers.LATEST : 0;
        Askers askers = new Askers();
        for (int i = 0; i < most + beyond; i++) {
            askers.passed(from(in("p" + i), 5));
        }
        askers.tell(PROC, home);
        assertThat(news).hasSize(most + beyond - forgotten);
        assertCounted(BoundCounter.ASKERS_FORGOTTEN, forgotten);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void thoseInOneProcWhoHaveAskedOne(int beyond) {
        int over = Math.max(0, beyond);
        Askers askers = new Askers();
        for (int i = 0; i < ProcDied.ASKED_MAX + beyond; i++) {
            askers.passed(from(ASKER.actor("a" + i, 0), 5));
        }
        askers.passed(from(ASKER.actor("a0", 0), 6)); // is in there, or in the crowd
        askers.tell(PROC, home);
        assertThat(news).hasSize(1);
        assertThat(((ProcDied) news.getFirst().message(ProcDied.TYPE)).asked())
                .hasSize(over > 0 ? 0 : ProcDied.ASKED_MAX + beyond);
        assertCounted(BoundCounter.ASKERS_LUMPED, over);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void procsThatAreAskedOverALink(int beyond) {
        int forgotten = beyond > 0 ? MailboxClient.ASKED_MAX : 0;
        try (Net net = new Net(directory)) {
            MailboxClient client =
                    new MailboxClient(
                            net.channels,
                            new ChannelAddress.Unix(directory.resolve("nobody").toString()),
                            Secret.NONE,
                            home,
                            (ended, why) -> null);
            for (int i = 0; i < MailboxClient.ASKED_MAX + beyond; i++) {
                client.askersOf(new ProcId(PROC.address(), "p" + i)).passed(from(in("p"), 5));
            }
            client.tellAskers();
            assertThat(news).hasSize(MailboxClient.ASKED_MAX + beyond - forgotten);
            assertCounted(BoundCounter.ASKERS_FORGOTTEN, forgotten);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void pairsOfWhichSomethingIsUnderWay(int beyond) {
        int most = 4;
        int over = Math.max(0, beyond);
        Tallies tallies = new Tallies(most, _ -> true, () -> 0, Duration.ZERO, 1);
        List<Tally> counting = new ArrayList<>();
        for (int i = 0; i < most + beyond; i++) {
            Tally tally = tallies.of(from(in("p" + i), 0));
            if (tally != null && tally.passed(1)) {
                counting.add(tally);
            }
        }
        assertThat(counting).hasSize(most + beyond - over);
        assertCounted(BoundCounter.MESSAGES_UNNUMBERED, over);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void pairsOfWhichNothingIsUnderWay(int beyond) {
        int most = 4;
        Tallies tallies = new Tallies(most, _ -> true, () -> 0, Duration.ZERO, 1);
        List<Tally> counting = new ArrayList<>();
        for (int i = 0; i < most + beyond; i++) {
            counting.add(tallies.of(from(in("p" + i), 0)));
        }
        int forgotten = beyond > 0 ? most : 0;
        assertThat(counting).doesNotContainNull();
        assertThat(counting.stream().filter(Tally::isForgotten)).hasSize(forgotten);
        assertCounted(BoundCounter.PAIRS_FORGOTTEN, forgotten);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void thoseWhoAreAskedToHoldBackFromOnePlace(int beyond) {
        Crowds crowds = new Crowds(new Hands(0));
        Crowds.Place place = () -> false;
        int over = Math.max(0, beyond);
        for (int again = 0; again < 2; again++) {
            for (int i = 0; i < Crowds.TOLD_MAX + beyond; i++) {
                crowds.entered(place, from(in("p" + i), 0), false, home);
            }
        }
        assertThat(news).hasSize(Crowds.TOLD_MAX + beyond - over);
        assertCounted(BoundCounter.SENDERS_NOT_ASKED, 2L * over);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void actorsOfAProcThatAskToHoldBack(int beyond) {
        Holds holds = new Holds(() -> 0);
        for (int again = 0; again < 2; again++) {
            for (int i = 0; i < Holds.OF_A_PROC_MAX + beyond; i++) {
                holds.apply(new Hold(PROC.actor("a" + i, 0), false, true));
            }
        }
        assertThat(holds.holds(to(PROC.actor("other", 0)))).isEqualTo(beyond > 0);
        assertCounted(BoundCounter.HOLDS_WIDENED, 2L * Math.max(0, beyond));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void procsThatAskToHoldBack(int beyond) {
        Holds holds = new Holds(() -> 0);
        ActorId last = PROC.actor("a", 0);
        for (int i = 0; i < Holds.PROCS_MAX + beyond; i++) {
            last = new ProcId(PROC.address(), "p" + i).actor("a", 0);
            holds.apply(new Hold(last, false, true));
        }
        assertThat(holds.holds(to(last))).isEqualTo(beyond <= 0);
        assertCounted(BoundCounter.HOLDS_UNHEEDED, Math.max(0, beyond));
    }

    /// On paper: no thread is started.
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void threadsOfADispatcher(int beyond) {
        int over = Math.max(0, beyond);
        Dispatcher dispatcher =
                new Dispatcher("paper", 1, Duration.ofSeconds(10), _ -> {}, _ -> {});
        for (int i = 1; i < Workers.MAX + beyond; i++) {
            dispatcher.relieve(dispatcher.workers.active()[0]);
        }
        assertThat(dispatcher.workers.threads()).isEqualTo(Workers.MAX + beyond - over);
        dispatcher.workers.prepareSpare();
        for (int i = 0; i < over; i++) {
            dispatcher.relieve(dispatcher.workers.active()[0]); // as at each tick
        }
        assertThat(dispatcher.workers.threads()).isEqualTo(Workers.MAX);
        assertCounted(BoundCounter.THREADS_EXHAUSTED, over);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void endsOfActorsThatAreRemembered(int beyond) {
        Tombstones ends = new Tombstones();
        ActorStatus stopped = new ActorStatus.Stopped("enough");
        for (int i = 0; i < Tombstones.MAX + beyond; i++) {
            ends.put(PROC.actor("a" + i, 0), stopped);
        }
        assertThat(ends.get(PROC.actor("a0", 0))).isEqualTo(beyond > 0 ? null : stopped);
        assertThat(ends.get(PROC.actor("a1", 0))).isEqualTo(stopped);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theTextOfAnAddressThatArrives(int beyond) {
        String start = "local:";
        String end = "1,there,a[0]";
        int zeros = Address.TEXT_BYTES_MAX + beyond - start.length() - end.length();
        byte[] text = (start + "0".repeat(zeros) + end).getBytes(StandardCharsets.US_ASCII);
        if (beyond > 0) {
            assertThatThrownBy(() -> Address.read(new WireReader(text), text.length))
                    .isInstanceOf(WireFormatException.class)
                    .hasMessageContaining("1025 bytes");
        } else {
            assertThat(Address.read(new WireReader(text), text.length).id())
                    .isEqualTo(PROC.actor("a", 0));
        }
    }

    /// Of which something is under way, and to which there is no link any more.
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void addressesWithoutALink(int beyond) {
        int most = 4;
        int over = Math.max(0, beyond);
        try (Net net = new Net(directory)) {
            Links links = links(net);
            Elsewhere elsewhere = new Elsewhere(links, _ -> true, () -> 0, most);
            for (int i = 0; i < most + beyond; i++) {
                Target target = target(i);
                Tallies counts = elsewhere.by(target, dialled(links, target));
                assertThat(counts.of(from(in("p"), 0)).passed(1)).isTrue();
                var _ = links.take(target); // others were dialled instead
            }
            Target last = target(most + beyond);
            assertThat(elsewhere.by(last, dialled(links, last)) == null).isEqualTo(over > 0);
            assertCounted(BoundCounter.MESSAGES_UNNUMBERED, over);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void addressesWithoutALinkOfWhichNothingIsUnderWay(int beyond) {
        int most = 4;
        try (Net net = new Net(directory)) {
            Links links = links(net);
            Elsewhere elsewhere = new Elsewhere(links, _ -> true, () -> 0, most);
            for (int i = 0; i <= most + beyond; i++) {
                Target target = target(i);
                assertThat(elsewhere.by(target, dialled(links, target))).isNotNull();
                var _ = links.take(target);
            }
            assertThat(elsewhere.at(target(0)) == null).isEqualTo(beyond > 0); // made room
            assertCounted(BoundCounter.MESSAGES_UNNUMBERED, 0);
        }
    }

    private Target target(int number) {
        return Target.open(new ChannelAddress.Unix(directory.resolve("x" + number).toString()));
    }

    private static Links links(Net net) {
        return new Links(
                net.channels, OwnProcess.shared(), Set::of, () -> {}, (target, link, why) -> null);
    }

    private MailboxClient dialled(Links links, Target target) {
        return requireNonNull(links.to(target, false, from(in("p"), 0), home));
    }
}
