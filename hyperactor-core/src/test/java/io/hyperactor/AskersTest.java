package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

final class AskersTest {
    private static final ChannelAddress HERE = new ChannelAddress.Local(1);
    private static final ProcId ASKED = new ProcId(HERE, "asked");

    private final Askers askers = new Askers();
    private final List<String> told = new ArrayList<>();
    private final List<ProcDied> news = new ArrayList<>();
    private String unreachable = "";
    private final MailboxSender home =
            new MailboxSender() {
                @Override
                public boolean offer(Envelope envelope) {
                    if (envelope.proc().name().equals(unreachable)) {
                        throw new InternalError("on purpose");
                    }
                    told.add(envelope.proc().name());
                    news.add((ProcDied) envelope.message(ProcDied.TYPE));
                    return true;
                }

                @Override
                public CompletableFuture<Void> flush() {
                    return CompletableFuture.completedFuture(null);
                }
            };

    private static ActorId sender(String proc, String name) {
        return new ProcId(HERE, proc).actor(name, 0);
    }

    private void passes(String from, long replyPort) {
        passes(sender(from, "sender"), 0, replyPort);
    }

    private void passes(ActorId sender, long incarnation, long replyPort) {
        askers.passed(
                new ObjectEnvelope(
                        new Sender(sender, incarnation),
                        Address.of(sender),
                        Address.of(ASKED.actor("a", 0)),
                        7,
                        0,
                        replyPort,
                        false,
                        "text",
                        Protocols.of(String.class),
                        null));
    }

    private record Sender(ActorId id, long senderIncarnation) implements Origin {
        @Override
        public void returned(Undeliverable undeliverable, long replyPort) {}

        @Override
        public void replyFailed(long replyPort, String failure) {}
    }

    private static ProcDied.Asked asked(String name, long incarnation, long port) {
        return new ProcDied.Asked(sender("one", name), incarnation, port);
    }

    @Test
    void whoCanNotBeToldIsCountedAndTheOthersAreTold() {
        passes("one", 5);
        passes("two", 5);
        passes("three", 5);
        long before = Counters.abandoned();
        unreachable = "two";
        askers.tell(ASKED, Home.of(home));
        assertThat(told).containsExactlyInAnyOrder("one", "three");
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
    }

    @Test
    void eachProcThatHasAskedIsToldOnceAndNobodyElse() {
        passes("one", 5);
        passes("one", 6);
        passes("two", 5);
        passes("one", 7);
        passes("tells", 0);
        askers.tell(ASKED, Home.of(home));
        assertThat(told).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void whoAskedLastIsToldHoweverManyHaveAskedBefore() {
        for (int i = 0; i < 10_000; i++) {
            passes("p" + i, 5);
            passes("often", 5);
        }
        askers.tell(ASKED, Home.of(home));
        assertThat(told).doesNotHaveDuplicates().contains("often").hasSizeLessThanOrEqualTo(512);
        assertThat(told)
                .containsAll(IntStream.range(9_750, 10_000).mapToObj(i -> "p" + i).toList());
    }

    @Test
    void eachWhoHasAskedIsToldOfItsLatestRequest() {
        passes(sender("one", "a"), 1, 5);
        passes(sender("one", "a"), 1, 8);
        passes(sender("one", "b"), 3, 2);
        passes(sender("one", "a"), 1, 7); // overtaken
        passes(sender("one", "b"), 5, 1); // another life
        askers.tell(ASKED, Home.of(home));
        assertThat(news).singleElement().extracting(ProcDied::proc).isEqualTo(ASKED);
        assertThat(news.getFirst().asked())
                .containsExactlyInAnyOrder(asked("a", 1, 8), asked("b", 5, 1));
    }

    @Test
    void aProcInWhichTooManyHaveAskedIsToldOfAll() {
        for (int i = 0; i < ProcDied.ASKED_MAX; i++) {
            passes(sender("one", "a" + i), 1, 5);
        }
        askers.tell(ASKED, Home.of(home));
        assertThat(news.getLast().asked()).hasSize(ProcDied.ASKED_MAX);

        passes(sender("one", "and-one-more"), 1, 5);
        passes(sender("one", "a0"), 1, 6);
        askers.tell(ASKED, Home.of(home));
        assertThat(news.getLast().asked()).isEmpty();
    }

    @Test
    void whoAsksAgainAfterManyOthersIsStillKnownApart() {
        passes(sender("one", "a"), 1, 5);
        for (int i = 0; i < 300; i++) {
            passes("p" + i, 5);
        }
        passes(sender("one", "b"), 1, 2);
        askers.tell(ASKED, Home.of(home));
        assertThat(news.get(told.indexOf("one")).asked())
                .containsExactlyInAnyOrder(asked("a", 1, 5), asked("b", 1, 2));
    }
}
