package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

final class HandledReportsTest {
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "p");
    private static final ProcId OTHER = new ProcId(new ChannelAddress.Local(2), "q");
    private static final int SHORT_FRAME = 4096;

    private static final class Host implements MailboxSender {
        final List<Envelope> heard = new CopyOnWriteArrayList<>();

        @Override
        public boolean offer(Envelope envelope) {
            heard.add(envelope);
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }

        private List<Handled.Mark> marks() {
            return heard.stream()
                    .flatMap(each -> ((Handled) each.message(Handled.TYPE)).marks().stream())
                    .toList();
        }
    }

    @Test
    void manyPairsAreToldInShortFrames() {
        Host host = new Host();
        HandledReports reports = new HandledReports(PROC, Home.of(new Host()), Home.of(host));
        Address here = Address.of(PROC.actor("actor", 0));
        for (int i = 0; i < 1000; i++) {
            var pair =
                    new HandledCount(reports, Address.of(OTHER.actor("sender-" + i, 0)), 7, here);
            pair.handled();
            pair.handled();
            pair.wentBack();
        }
        reports.report();
        assertThat(host.heard).allMatch(each -> each.toBytes().length < SHORT_FRAME);
        Map<ActorId, Long> handled = new HashMap<>(); // a pair may be told of twice, in time
        Map<ActorId, Long> back = new HashMap<>();
        for (Handled.Mark mark : host.marks()) {
            handled.merge(mark.sender(), mark.handled(), Long::sum);
            back.merge(mark.sender(), mark.back(), Long::sum);
        }
        assertThat(handled).hasSize(1000);
        assertThat(handled.values()).containsOnly(2L);
        assertThat(back.values()).containsOnly(1L);
        host.heard.clear();
        reports.report();
        assertThat(host.heard).isEmpty();
    }
}
