package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Undeliverable.Numbers;
import io.hyperactor.Undeliverable.Outcome;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// What a sender learns of its messages when the host thinks that their proc has ended.
final class InDoubtTest {
    @TempDir private Path directory;
    private Net net;
    private DialRouter router;
    private Scene sender;
    private Scene child;
    private ChannelAddress address;
    private final AtomicLong said = new AtomicLong();
    private final CountDownLatch counts = new CountDownLatch(1); // until the proc says that it does

    /// A proc behind a router that counts how many messages it says to have handled.
    private void start(Transport transport) {
        net = new Net(directory);
        router = new DialRouter(net.channels);
        sender = net.sender(router);
        Admission all = _ -> Optional.of(new Peer.Trusted());
        MailboxServer backend = MailboxServer.bind(net.config, ChannelAddress.any(transport), all);
        router.owns(sender.proc.id().address());
        boolean _ = backend.serve(new Way(), this::hears);
        ProcId id = new ProcId(new ChannelAddress.Local(4712), "child");
        Proc proc = Proc.forwarding(id, backend.address(), Secret.NONE, net.config);
        MailboxServer server =
                MailboxServer.serve(net.config, ChannelAddress.any(transport), all, proc);
        proc.closes(server);
        child = new Scene(proc);
        address = server.address();
        router.bind(id, address, Secret.NONE);
    }

    private boolean hears(Envelope news, long by) {
        Handled handled = news.port() == HandledReports.PORT ? Handled.in(news) : null;
        boolean ends = router.hears(news, by);
        if (handled != null) {
            counts.countDown();
            handled.marks().forEach(mark -> said.addAndGet(mark.handled()));
        }
        return ends;
    }

    private final class Way implements MailboxSender {
        @Override
        public boolean offer(Envelope envelope) {
            return envelope.proc().equals(sender.proc.id())
                    ? sender.proc.offer(envelope)
                    : router.offer(envelope);
        }

        @Override
        public CompletableFuture<Void> flush() {
            return router.flush();
        }
    }

    @AfterEach
    void end() {
        child.close();
        sender.close();
        net.close();
    }

    private List<Numbers> doubts() {
        return sender.returned().stream().flatMap(u -> u.numbers().stream()).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatWasQueuedIsInDoubtAndWhatWasHandledIsNot(Transport transport) throws Exception {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> stuck = child.spawn("stuck", counting).ref();
        ActorRef<Work> free = child.spawn("free", new Counting()).ref();
        sender.count(stuck, 0, 10);
        assertThat(sender.ask(stuck, 0)).isEqualTo(10); // requests have no number
        sender.client.send(stuck, new Work.Do("hold"));
        sender.count(free, 0, 20);
        sender.count(stuck, 10, 17);
        Waiting.on(counting.held);
        Waiting.until(() -> said.get() == 30);
        Waiting.get(router.flush());
        router.unbind(child.proc.id());
        Waiting.until(() -> sender.returnedCount() > 0);
        Undeliverable told = sender.returned().getFirst();
        assertThat(told.numbers()).contains(new Numbers(11, 18)); // that which is being handled too
        assertThat(told.count()).isEqualTo(8);
        assertThat(told.destination().actor()).isEqualTo(stuck.id());
        assertThat(told.sender()).isEqualTo(sender.client.id());
        assertThat(told.failure().reason()).isEqualTo(DeliveryFailure.Reason.PROC_DIED);
        assertThat(told.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(told.message()).isEmpty();
        assertThat(sender.returned()).hasSize(1);
        counting.release.countDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatComesBackFromBehindDoesNotHideWhatIsQueued(Transport transport) throws Exception {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> stuck = child.spawn("stuck", counting).ref();
        sender.client.send(stuck, new Work.Do("hold"));
        sender.count(stuck, 0, 3);
        ActorRef<Work.Item> mistaken = ActorRef.attest(stuck.id(), Work.Item.class);
        for (int i = 0; i < 3; i++) {
            sender.client.send(mistaken, new Work.Item(i));
        }
        Waiting.until(() -> sender.returnedCount() == 3);
        Waiting.get(router.flush());
        router.unbind(child.proc.id());
        Waiting.until(() -> sender.returnedCount() == 4);
        assertThat(doubts()).containsExactly(new Numbers(1, 4));
        counting.release.countDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatTheLinkDidNotTakeIsNotInDoubt(Transport transport) {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> stuck = child.spawn("stuck", counting).ref();
        sender.client.send(stuck, new Work.Do("hold"));
        sender.client.send(stuck, new Work.Do("x".repeat(17 << 20))); // longer than any frame
        sender.count(stuck, 0, 1);
        Waiting.get(router.flush());
        Waiting.on(counts);
        router.unbind(child.proc.id());
        Waiting.until(() -> sender.returnedCount() == 2);
        assertThat(doubts()).containsExactly(new Numbers(1, 2));
        counting.release.countDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatIsBoundElsewhereHasEndedAndWhatIsBoundAgainHasNot(Transport transport) {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> stuck = child.spawn("stuck", counting).ref();
        sender.client.send(stuck, new Work.Do("hold"));
        Waiting.get(router.flush());
        router.bind(child.proc.id(), address, Secret.NONE);
        sender.count(stuck, 0, 1);
        Waiting.get(router.flush());
        Waiting.on(counts);
        try (Net.Station other = net.station(ChannelAddress.any(transport))) {
            router.bind(child.proc.id(), other.address(), Secret.NONE);
            Waiting.until(() -> sender.returnedCount() == 1);
            assertThat(doubts()).containsExactly(new Numbers(1, 2));
        }
        counting.release.countDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void ofAProcThatEndsInGoodOrderNothingIsInDoubt(Transport transport) {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> ref = child.spawn("a", counting).ref();
        ActorRef<Work> nobody = ActorRef.attest(child.proc.id().actor("b", 0), Work.class);
        sender.count(ref, 0, 100);
        sender.count(nobody, 0, 5);
        Waiting.get(router.flush());
        child.close();
        Waiting.until(() -> sender.returnedCount() + counting.numbers.size() >= 105);
        Waiting.until(() -> said.get() == 100);
        router.unbind(child.proc.id());
        sender.count(ref, 0, 1); // behind what the router may have said
        Waiting.until(() -> sender.returnedCount() + counting.numbers.size() >= 106);
        assertThat(doubts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatAFailedActorGaveBackIsNotInDoubt(Transport transport) {
        start(transport);
        Counting counting = new Counting();
        ActorRef<Work> failing = child.spawn("failing", counting).ref();
        sender.client.send(failing, new Work.Do("hold"));
        sender.client.send(failing, new Work.Do("fail"));
        sender.count(failing, 0, 10);
        Waiting.get(router.flush());
        counting.release.countDown();
        Waiting.until(() -> sender.returnedCount() == 10 && said.get() == 2);
        Counting held = new Counting();
        ActorRef<Work> stuck = child.spawn("stuck", held).ref();
        sender.client.send(stuck, new Work.Do("hold"));
        Waiting.get(router.flush());
        router.unbind(child.proc.id());
        Waiting.until(() -> sender.returnedCount() == 11);
        assertThat(doubts()).containsExactly(new Numbers(1, 1));
        held.release.countDown();
    }
}
