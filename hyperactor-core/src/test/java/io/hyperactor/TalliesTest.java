package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Undeliverable.Numbers;
import io.hyperactor.Undeliverable.Outcome;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

final class TalliesTest {
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "p");
    private static final Address HERE = Address.of(PROC.actor("a", 0));
    private static final Address SENDER =
            Address.of(new ProcId(new ChannelAddress.Local(2), "q").actor("s", 0));
    private static final long LIFE = 5;

    private static final Duration SOON = Duration.ofSeconds(1);
    private final AtomicLong nanos = new AtomicLong();
    private Tallies tallies = new Tallies(2, _ -> true, nanos::get, SOON, LIFE);
    private static final long LINK = 1;

    private record Known(ActorId id, long senderIncarnation) implements Origin {
        @Override
        public void returned(Undeliverable undeliverable, long replyPort) {}

        @Override
        public void replyFailed(long replyPort, String failure) {}
    }

    private static Envelope envelope(Address sender, long replyPort, long port) {
        return new ObjectEnvelope(
                Origin.NOWHERE,
                sender,
                HERE,
                port,
                0,
                replyPort,
                false,
                new Work.Item(0),
                Protocols.of(Work.class),
                null);
    }

    private static Envelope tell(Address sender) {
        return envelope(sender, 0, Protocols.of(Work.class).handlerIndex());
    }

    private static Envelope tell(Address sender, long incarnation) {
        return new ObjectEnvelope(
                new Known(sender.id(), incarnation),
                sender,
                HERE,
                Protocols.of(Work.class).handlerIndex(),
                0,
                0,
                false,
                new Work.Item(0),
                Protocols.of(Work.class),
                null);
    }

    private static Address sender(String name) {
        return Address.of(SENDER.id().proc().actor(name, 0));
    }

    /// As for a moment while room is made.
    @Test
    void whatIsForgottenButStillThereCountsNothing() {
        Envelope first = tell(sender("x"));
        Tally found = tallies.of(first);
        assertThat(found.forget()).isTrue();
        Tally fresh = tallies.byMap(first);
        assertThat(fresh).isNotNull().isNotSameAs(found);
        assertThat(fresh.passed(LINK)).isTrue();
        assertThat(tallies.byMap(first)).isSameAs(fresh);
    }

    private void pass(Address sender, int messages) {
        pass(sender, messages, LINK);
    }

    private void pass(Address sender, int messages, long by) {
        for (int i = 0; i < messages; i++) {
            pass(tell(sender), by);
        }
    }

    private void pass(Envelope envelope, long by) {
        Tally tally = tallies.of(envelope);
        assertThat(tally).isNotNull();
        assertThat(tally.passed(by)).isTrue();
    }

    private static final Home HOME = Home.of(new Net.Nowhere());

    private boolean hear(long by, ActorId sender, long messages) {
        Handled said = new Handled(List.of(new Handled.Mark(sender, 0, HERE.id(), messages)));
        return tallies.handled(said, PROC, by);
    }

    private void hear(ActorId sender, long messages, long back) {
        boolean _ = hear(LIFE, sender, messages);
        for (int i = 0; i < back; i++) {
            comesBack(LIFE, HERE, Outcome.NOT_DELIVERED);
        }
    }

    private void comesBack(long by, Address from, Outcome outcome) {
        DeliveryFailure failure = new DeliveryFailure(DeliveryFailure.Reason.QUEUE_FULL, "");
        Returned returned = new Returned(outcome, List.of(failure), tell(SENDER).toBytes());
        tallies.cameBack(
                ObjectEnvelope.news(from, SENDER, Returned.PORT, 0, returned, Returned.TYPE),
                by,
                HOME);
    }

    private void isTold(long by, Address from, long first, long last) {
        InDoubt inDoubt = new InDoubt(HERE.id(), tell(SENDER).port(), first, last);
        tallies.cameBack(
                ObjectEnvelope.news(from, SENDER, InDoubt.PORT, 0, inDoubt, InDoubt.TYPE),
                by,
                HOME);
    }

    private Map<String, Numbers> told() {
        return told("");
    }

    /// As it comes from another process, so long that it has that many bytes in all.
    private static WireEnvelope report(int bytes) {
        String agent = PROC.actor(ProcAgent.NAME, 0).toString();
        int mark = bytes(agent, List.of(mark(1), mark(1))) - bytes(agent, List.of(mark(1)));
        int most = (bytes - bytes(agent, List.of())) / mark - 1; // for their number takes some
        List<Handled.Mark> marks = new ArrayList<>(Collections.nCopies(most, mark(1)));
        marks.set(0, mark(1 + bytes - bytes(agent, marks)));
        byte[] frame = frame(agent, marks);
        assertThat(frame).hasSize(bytes);
        return WireEnvelope.parse(frame, 0, frame.length, Home.of(new Net.Nowhere()));
    }

    private static Handled.Mark mark(int chars) {
        int first = Math.min(chars, 63);
        ProcId proc = new ProcId(new ChannelAddress.Local(2), "p".repeat(first));
        return new Handled.Mark(proc.actor("s".repeat(1 + chars - first), 0), 0, HERE.id(), 0);
    }

    private static int bytes(String agent, List<Handled.Mark> marks) {
        return frame(agent, marks).length;
    }

    private static byte[] frame(String agent, List<Handled.Mark> marks) {
        return Net.frame(
                1,
                9,
                Envelope.RETURN,
                HandledReports.PORT,
                Handled.TYPE.hash(),
                agent,
                agent,
                out -> Handled.TYPE.write(out, new Handled(marks)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatAProcSaysIsReadUpToItsLimit(int beyond) {
        long before = Counters.malformed();
        assertThat(Handled.in(report(Handled.MAX_BYTES + beyond)) != null).isEqualTo(beyond == 0);
        assertThat(Counters.malformed()).isEqualTo(before + beyond);
    }

    /// Whom it tells what at the end of the proc.
    ///
    /// @param unreachable whom nobody can tell anything
    private Map<String, Numbers> told(String unreachable) {
        Map<String, Numbers> told = new HashMap<>();
        tallies.tell(
                Home.of(
                        new MailboxSender() {
                            @Override
                            public boolean offer(Envelope news) {
                                assertThat(news.sender()).isEqualTo(HERE.id());
                                if (news.destination().actor().name().equals(unreachable)) {
                                    throw new InternalError("on purpose");
                                }
                                Undeliverable in =
                                        ((InDoubt) news.message(InDoubt.TYPE))
                                                .undeliverable(news.destination().actor());
                                told.put(in.sender().name(), in.numbers().orElseThrow());
                                return true;
                            }

                            @Override
                            public CompletableFuture<Void> flush() {
                                return CompletableFuture.completedFuture(null);
                            }
                        }));
        return told;
    }

    @Test
    void whatWasPassedOnAndIsNotSaidToBeHandledIsInDoubt() {
        pass(SENDER, 5);
        pass(sender("other"), 2);
        hear(LIFE, SENDER.id(), 1);
        hear(LIFE, SENDER.id(), 2);
        hear(LIFE, sender("other").id(), 2);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(4, 5)));
        assertThat(told()).isEmpty(); // once
    }

    @Test
    void whoCanNotBeToldIsCountedAndTheOthersAreToldOnce() {
        tallies = new Tallies(3, _ -> true, nanos::get, SOON, LIFE);
        for (String name : List.of("one", "two", "three")) {
            pass(sender(name), 1);
        }
        hear(LIFE, SENDER.id(), 0);
        long before = Counters.abandoned();
        assertThat(told("two")).containsOnlyKeys("one", "three");
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
        assertThat(told()).isEmpty();
    }

    @Test
    void ofAProcThatHasNeverSaidAnythingNothingIsInDoubt() {
        pass(SENDER, 5);
        nanos.addAndGet(SOON.toNanos());
        assertThat(told()).isEmpty();
    }

    @Test
    void whatWasSentToAProcThatHadNoTimeToSayAnythingIsInDoubt() {
        pass(SENDER, 5);
        nanos.addAndGet(SOON.toNanos() - 1);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(1, 5)));
    }

    @Test
    void whatTheProcGaveBackHasNoNumberAndHidesNothingBeforeIt() {
        pass(SENDER, 5); // the last two find no room
        hear(SENDER.id(), 0, 2);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(1, 3)));
    }

    @Test
    void whatMayHaveComeBackBothWaysHidesNothing() {
        pass(SENDER, 5); // the last one finds no room, which its link does not live to acknowledge
        hear(SENDER.id(), 0, 1);
        tallies.cameBack(tell(SENDER), LINK, Outcome.UNKNOWN);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(1, 4)));
    }

    @Test
    void whatTheProcGaveBackLongBeforeIsNotTakenForWhatTheLinkGivesBack() {
        pass(SENDER, 5);
        hear(SENDER.id(), 1, 2);
        pass(SENDER, 2);
        tallies.cameBack(tell(SENDER), LINK, Outcome.UNKNOWN);
        tallies.cameBack(tell(SENDER), LINK, Outcome.UNKNOWN);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(2, 3)));
    }

    @Test
    void whoseProcHasEndedIsForgottenIfItCanNotComeBack() {
        Address known = sender("known");
        pass(tell(known, 7), LINK);
        pass(SENDER, 1); // a namesake may be there
        tallies.forgetSendersOf(new ProcId(new ChannelAddress.Local(2), "other"));
        assertThat(tallies.of(tell(sender("third")))).isNull();
        tallies = new Tallies(2, _ -> true, nanos::get, SOON, LIFE);
        pass(tell(known, 7), LINK);
        pass(SENDER, 1);
        tallies.forgetSendersOf(SENDER.id().proc());
        pass(sender("third"), 1);
        hear(LIFE, SENDER.id(), 0);
        assertThat(told()).containsOnlyKeys("s", "third");
    }

    @Test
    void onlyPlainMessagesForActorsAreCounted() {
        long handler = Protocols.of(Work.class).handlerIndex();
        assertThat(envelope(SENDER, 0, handler).isTell()).isTrue();
        assertThat(envelope(SENDER, 1, handler).isTell()).isFalse();
        assertThat(envelope(SENDER, 0, 1).isTell()).isFalse();
        assertThat(envelope(SENDER, 0, Hold.PORT).isTell()).isFalse();
        Address agent = Address.of(PROC.actor(ProcAgent.NAME, 0));
        Envelope stop =
                new ObjectEnvelope(
                        Origin.NOWHERE,
                        SENDER,
                        agent,
                        handler,
                        0,
                        0,
                        false,
                        new Work.Item(0),
                        Protocols.of(Work.class),
                        null);
        assertThat(tallies.of(stop)).isNull();
    }

    @Test
    void whatAPredecessorSaysOrAnybodyElseIsNotBelieved() {
        pass(SENDER, 3);
        assertThat(hear(LIFE, SENDER.id(), 1)).isTrue();
        assertThat(hear(LIFE + 1, SENDER.id(), 2)).isFalse();
        Address sibling = Address.of(new ProcId(PROC.address(), "sibling").actor("a", 0));
        assertThat(Handled.in(saying(sibling))).isNull();
        assertThat(Handled.in(saying(HERE))).isNotNull();
        for (Address from : List.of(HERE, sibling)) {
            long by = from == sibling ? LIFE : LIFE + 1;
            comesBack(by, from, Outcome.NOT_DELIVERED);
            isTold(by, from, 1, 2);
        }
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(2, 3)));
        assertThat(hear(LIFE, SENDER.id(), 1)).isFalse(); // too late
    }

    private static Envelope saying(Address from) {
        Handled said = new Handled(List.of(new Handled.Mark(SENDER.id(), 0, HERE.id(), 2)));
        return ObjectEnvelope.news(from, SENDER, HandledReports.PORT, 0, said, Handled.TYPE);
    }

    @Test
    void whatTheSenderIsToldByOthersIsNotToldAgain() {
        pass(SENDER, 5);
        hear(SENDER.id(), 1, 0);
        isTold(LIFE, HERE, 2, 3); // its proc had ended: another one is there now
        comesBack(LIFE, HERE, Outcome.UNKNOWN); // may be queued there all the same
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(4, 5)));
    }

    @Test
    void ofSeveralProcsThoseThatHaveSaidNothingAreLeftOut() {
        Address silent = Address.of(new ProcId(PROC.address(), "silent").actor("a", 0));
        pass(SENDER, 1);
        pass(
                new ObjectEnvelope(
                        Origin.NOWHERE,
                        SENDER,
                        silent,
                        Protocols.of(Work.class).handlerIndex(),
                        0,
                        0,
                        false,
                        new Work.Item(0),
                        Protocols.of(Work.class),
                        null),
                LINK);
        hear(SENDER.id(), 0, 0);
        nanos.addAndGet(SOON.toNanos());
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(1, 1)));
    }

    @Test
    void itEndsByItselfOnlyWhenNothingIsUnderWay() {
        pass(SENDER, 2);
        hear(SENDER.id(), 1, 0);
        assertThat(tallies.endIfSettled()).isFalse();
        hear(SENDER.id(), 0, 1);
        assertThat(tallies.endIfSettled()).isTrue();
        assertThat(hear(LIFE, SENDER.id(), 1)).isFalse();
    }

    @Test
    void whatCameBackByItselfIsNotToldAgain() {
        pass(SENDER, 10);
        for (Outcome outcome : List.of(Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.NOT_DELIVERED)) {
            tallies.cameBack(tell(SENDER), LINK, outcome);
        }
        hear(LIFE, SENDER.id(), 4);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(5, 7)));
    }

    @Test
    void whatMayHaveArrivedOverAnEarlierLinkStaysInDoubt() {
        pass(SENDER, 4);
        tallies.cameBack(tell(SENDER), LINK, Outcome.UNKNOWN);
        pass(SENDER, 1, LINK + 1);
        tallies.cameBack(tell(SENDER), LINK, Outcome.UNKNOWN);
        hear(LIFE, SENDER.id(), 2);
        assertThat(told()).containsExactly(Map.entry("s", new Numbers(3, 5)));
    }

    @Test
    void thereIsRoomAgainForWhoeverComesWhenNothingIsUnderWayOfOthers() {
        pass(SENDER, 3);
        pass(sender("other"), 1);
        hear(LIFE, SENDER.id(), 3);
        Tally forgotten = tallies.of(tell(SENDER));
        pass(sender("third"), 1);
        assertThat(forgotten).isNotNull();
        assertThat(forgotten.passed(LINK)).isFalse();
        assertThat(told())
                .containsOnly(
                        Map.entry("other", new Numbers(1, 1)),
                        Map.entry("third", new Numbers(1, 1)));
    }

    @Test
    void oneTooManyIsNotCountedNorIsAnybodyAfterIt() {
        pass(SENDER, 1);
        pass(sender("other"), 1);
        assertThat(tallies.of(tell(sender("third")))).isNull();
        hear(LIFE, SENDER.id(), 1);
        assertThat(tallies.of(tell(sender("fourth")))).isNull();
        pass(SENDER, 1);
        assertThat(told())
                .containsOnly(
                        Map.entry("s", new Numbers(2, 2)), Map.entry("other", new Numbers(1, 1)));
    }

    /// A host, a link that breaks, and a proc that handles, gives back and reports, or not, in any
    /// order.
    private final class World {
        private final Random random;
        private final boolean refuses;
        private final List<Long> numbers =
                new ArrayList<>(); // passed on, by number; minus one each
        private final List<Long> unacknowledged = new ArrayList<>();
        private int arrived; // of these
        private final ArrayDeque<Long> queued = new ArrayDeque<>();
        private final List<Long> handled = new ArrayList<>();
        private final List<Long> back = new ArrayList<>();
        private long by = LINK;
        private long sent;
        private int unsaid;
        private int unsaidBack;
        private boolean broken;

        World(long seed) {
            random = new Random(seed);
            refuses = random.nextBoolean();
            hear(LIFE, SENDER.id(), 0);
        }

        void step() {
            switch (random.nextInt(20)) {
                case 0 -> cut();
                case 1, 2, 3 -> {
                    hear(SENDER.id(), unsaid, unsaidBack);
                    unsaid = 0;
                    unsaidBack = 0;
                }
                case 4, 5, 6, 7 -> {
                    if (!queued.isEmpty()) {
                        handled.add(queued.poll());
                        unsaid++;
                    }
                }
                case 8, 9, 10 -> {
                    if (arrived < unacknowledged.size()) {
                        arrive(unacknowledged.get(arrived++));
                    }
                }
                case 11, 12 -> {
                    unacknowledged.subList(0, arrived).clear();
                    arrived = 0;
                }
                default -> {
                    pass(SENDER, 1, by);
                    numbers.add(sent);
                    unacknowledged.add(sent++);
                }
            }
        }

        private void arrive(long message) {
            if (refuses && random.nextInt(3) == 0) {
                back.add(message);
                numbers.remove(message);
                unsaidBack++;
            } else {
                queued.add(message);
            }
        }

        /// What was not acknowledged comes back: some of it had not even been written, and of what
        /// was written some had arrived.
        void cut() {
            broken |= !unacknowledged.isEmpty();
            int written = arrived + random.nextInt(unacknowledged.size() - arrived + 1);
            int taken = arrived + random.nextInt(written - arrived + 1);
            for (int i = 0; i < unacknowledged.size(); i++) {
                long message = unacknowledged.get(i);
                if (i >= arrived && i < taken) {
                    arrive(message);
                }
                back.add(message);
                Outcome outcome = i < written ? Outcome.UNKNOWN : Outcome.NOT_DELIVERED;
                if (outcome == Outcome.NOT_DELIVERED) {
                    numbers.remove(message);
                }
                tallies.cameBack(tell(SENDER), by, outcome);
            }
            unacknowledged.clear();
            arrived = 0;
            by++;
        }

        void end(String seed) {
            boolean exact = !broken && !refuses;
            int said = handled.size() - unsaid;
            cut();
            List<Long> doubted = new ArrayList<>();
            Numbers in = told().get("s");
            if (in != null) { // the last may have gone back and not be said to have
                int end = (int) Math.min(in.last(), numbers.size());
                doubted.addAll(numbers.subList((int) Math.min(in.first() - 1, end), end));
            }
            for (long message = 0; message < sent; message++) {
                boolean done = handled.contains(message) || back.contains(message);
                assertThat(done || doubted.contains(message)).as(seed + message).isTrue();
            }
            if (exact) {
                List<Long> expected = new ArrayList<>();
                for (long message = said; message < sent; message++) {
                    if (!back.contains(message)) {
                        expected.add(message);
                    }
                }
                assertThat(doubted).as(seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void nothingThatMayBeUnhandledIsLeftOutAndWithoutAnEarlierBreakNothingElseIsIn() {
        long first = Long.getLong("tallies.seed", System.nanoTime());
        for (long seed = first; seed < first + 2000; seed++) {
            tallies = new Tallies(2, _ -> true, nanos::get, SOON, LIFE);
            World world = new World(seed);
            for (int i = 0; i < 60; i++) {
                world.step();
            }
            world.end("seed " + seed + ", message ");
        }
    }
}
