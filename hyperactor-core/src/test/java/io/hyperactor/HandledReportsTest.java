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
        HandledReports reports = new HandledReports(PROC, Home.of(host), null);
        Address here = Address.of(PROC.actor("actor", 0));
        for (int i = 0; i < 1000; i++) {
            var pair =
                    new HandledCount(reports, Address.of(OTHER.actor("sender-" + i, 0)), 7, here);
            pair.handled();
            pair.handled();
        }
        reports.report();
        assertThat(host.heard).allMatch(each -> each.toBytes().length < SHORT_FRAME);
        Map<ActorId, Long> handled = new HashMap<>(); // a pair may be told of twice, in time
        for (Handled.Mark mark : host.marks()) {
            handled.merge(mark.sender(), mark.handled(), Long::sum);
        }
        assertThat(handled).hasSize(1000);
        assertThat(handled.values()).containsOnly(2L);
        host.heard.clear();
        reports.report();
        assertThat(host.heard).isEmpty();
    }

    @Test
    void eachAddressIsToldOfItsOwnSendersAndTheExceptedOneOfNone() {
        Host host = new Host();
        ChannelAddress except = new ChannelAddress.Local(3);
        HandledReports reports = new HandledReports(PROC, Home.of(host), except);
        assertThat(reports.areFor(Address.of(new ProcId(except, "q").actor("s", 0)))).isFalse();
        Address here = Address.of(PROC.actor("actor", 0));
        for (int i = 0; i < 4; i++) {
            ProcId from = new ProcId(new ChannelAddress.Local(4 + i % 2), "q" + i);
            new HandledCount(reports, Address.of(from.actor("s", 0)), 7, here).handled();
        }
        reports.report();
        assertThat(host.heard).hasSize(2);
        for (Envelope report : host.heard) {
            assertThat(((Handled) report.message(Handled.TYPE)).marks())
                    .hasSize(2)
                    .allMatch(
                            mark -> mark.sender().proc().address().equals(report.proc().address()));
        }
    }

    @Test
    void whoSendsForTheFirstTimeIsToldAtOnceThatAllIsCounted() {
        Host host = new Host();
        HandledReports reports = new HandledReports(PROC, Home.of(host), null);
        Address here = Address.of(PROC.actor("actor", 0));
        for (String name : List.of("one", "two")) { // at the same address, at the same time
            new HandledCount(reports, Address.of(OTHER.actor(name, 0)), 7, here).arrives();
        }
        assertThat(host.heard).hasSize(1);
        assertThat(host.heard.getFirst().proc()).isEqualTo(OTHER);
        assertThat(host.marks()).isEmpty();
    }
}
