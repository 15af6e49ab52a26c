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
    private final MailboxSender home =
            new MailboxSender() {
                @Override
                public boolean offer(Envelope envelope) {
                    told.add(envelope.proc().name());
                    return true;
                }

                @Override
                public CompletableFuture<Void> flush() {
                    return CompletableFuture.completedFuture(null);
                }
            };

    private void passes(String from, long replyPort) {
        ActorId sender = new ProcId(HERE, from).actor("sender", 0);
        askers.passed(
                new ObjectEnvelope(
                        Origin.NOWHERE,
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
}
