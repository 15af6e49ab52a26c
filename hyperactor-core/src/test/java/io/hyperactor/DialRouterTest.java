package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

final class DialRouterTest {
    @TempDir private Path directory;
    private Net net;
    private Net.Station one;
    private Net.Station two;

    @BeforeEach
    void start() {
        net = new Net(directory);
        one = net.station(ChannelAddress.any(Transport.LOCAL));
        two = net.station(ChannelAddress.any(Transport.LOCAL));
    }

    @AfterEach
    void end() {
        net.close();
    }

    private static void send(Scene scene, ProcId proc) {
        scene.count(ActorRef.attest(proc.actor("a", 0), Work.class), 0, 1);
    }

    @Test
    void aBoundAddressWinsOverTheOneInTheIdUntilItIsUnbound() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId proc = new ProcId(one.address(), "p");
        send(scene, proc);
        assertThat(one.procs(1)).containsExactly("p");
        router.bind(proc, two.address(), Secret.NONE);
        send(scene, proc);
        send(scene, proc);
        assertThat(two.procs(2)).containsExactly("p", "p");
        router.unbind(proc);
        send(scene, proc);
        assertThat(one.procs(2)).containsExactly("p", "p");
        assertThat(two.frames).hasSize(2);
        assertThat(scene.returned()).isEmpty();
    }

    @Test
    void aNewAddressReplacesTheOld() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId proc = new ProcId(new ChannelAddress.Local(999), "p");
        router.bind(proc, one.address(), Secret.NONE);
        send(scene, proc);
        router.bind(proc, one.address(), Secret.NONE);
        send(scene, proc);
        router.bind(proc, two.address(), Secret.NONE);
        send(scene, proc);
        assertThat(one.procs(2)).hasSize(2);
        assertThat(two.procs(1)).hasSize(1);
        assertThat(scene.returned()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void orderHoldsAcrossAChangeOfRoute(Transport transport) {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        Net.Station before = net.station(ChannelAddress.any(transport));
        Net.Station after = net.station(ChannelAddress.any(transport));
        ProcId proc = new ProcId(new ChannelAddress.Local(999), "p");
        ActorRef<Work> ref = ActorRef.attest(proc.actor("a", 0), Work.class);
        router.bind(proc, before.address(), Secret.NONE);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Long> sent =
                Waiting.inBackground(() -> {
                    long next = 0;
                    while (!enough.get()) {
                        if (next < outcomes(scene, before, after) + 200) {
                            scene.count(ref, next, ++next);
                        } else {
                            LockSupport.parkNanos(100_000);
                        }
                    }
                    return next;
                });
        Waiting.until(() -> before.frames.size() > 100);
        router.bind(proc, after.address(), Secret.NONE);
        Waiting.until(() -> after.frames.size() > 100);
        enough.set(true);
        long all = Waiting.get(sent);
        Waiting.until(() -> outcomes(scene, before, after) >= all);
        List<Long> taken = new ArrayList<>(before.numbers());
        taken.addAll(after.numbers());
        assertThat(taken).isSorted().doesNotHaveDuplicates();
        taken.addAll(scene.returnedNumbers()); // what the old route was closed to
        assertThat(taken).hasSize((int) all).doesNotHaveDuplicates();
    }

    private static int outcomes(Scene scene, Net.Station before, Net.Station after) {
        return before.frames.size() + after.frames.size() + scene.returnedCount();
    }

    @Test
    void whatAProcSaysOfItselfIsSentToNobodyWhenItIsNotKnown() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId proc = new ProcId(one.address(), "stranger");
        Address agent = Address.of(proc.actor(ProcAgent.NAME, 0));
        Handled nothing = new Handled(List.of());
        assertThat(
                        router.hears(
                                ObjectEnvelope.news(
                                        agent,
                                        agent,
                                        HandledReports.PORT,
                                        0,
                                        nothing,
                                        Handled.TYPE),
                                1))
                .isTrue();
        send(scene, new ProcId(one.address(), "p"));
        assertThat(one.procs(1)).containsExactly("p");
        Waiting.get(router.flush());
        assertThat(one.frames).hasSize(1);
    }

    @Test
    void whoIsNotBoundGoesToTheDefaultSender() {
        List<String> taken = new ArrayList<>();
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        MailboxSender byDefault =
                new MailboxSender() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        taken.add(envelope.proc().name());
                        return true;
                    }

                    @Override
                    public CompletableFuture<Void> flush() {
                        return flushed;
                    }
                };
        DialRouter router = new DialRouter(net.channels, Optional.of(byDefault));
        Scene scene = net.sender(router);
        router.bind(new ProcId(two.address(), "bound"), one.address(), Secret.NONE);
        send(scene, new ProcId(two.address(), "bound"));
        send(scene, new ProcId(two.address(), "other"));
        assertThat(one.procs(1)).containsExactly("bound");
        assertThat(taken).containsExactly("other");
        CompletableFuture<Void> flush = router.flush();
        assertThat(flush).isNotDone();
        flushed.complete(null);
        Waiting.get(flush);
    }

    @Test
    void unknownProcsOfTheOwnAddressDoNotExistAndBoundOnesDo() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        router.owns(one.address());
        send(scene, new ProcId(one.address(), "unknown"));
        assertThat(scene.reasons(1)).containsExactly(Reason.NO_ROUTE);
        router.bind(new ProcId(one.address(), "known"), two.address(), Secret.NONE);
        send(scene, new ProcId(one.address(), "known"));
        assertThat(two.procs(1)).containsExactly("known");
        assertThat(one.frames).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aNewServerAtAnOldAddressJustWorks(Transport transport) {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        Net.Station old = net.station(ChannelAddress.any(transport));
        ProcId proc = new ProcId(old.address(), "p");
        send(scene, proc);
        assertThat(old.procs(1)).containsExactly("p");
        Waiting.get(router.flush());
        old.close();
        Waiting.until(() -> { // what is sent before the end is known comes back
            send(scene, proc);
            return scene.returnedCount() > 0;
        });
        Net.Station fresh = net.station(proc.address());
        Waiting.until(() -> {
            send(scene, proc);
            return !fresh.frames.isEmpty();
        });
        assertThat(scene.reasons(1)).isSubsetOf(Reason.PEER_CLOSED, Reason.DIAL_FAILED);
    }

    @Test
    void whereNobodyServesTheDialFailsAndSaysWhy() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        List<ChannelAddress> addresses =
                List.of(
                        new ChannelAddress.Local(12345),
                        new ChannelAddress.Unix(directory.resolve("nobody").toString()),
                        ChannelAddress.parse("tcp:127.0.0.1:9"));
        for (ChannelAddress address : addresses) {
            int before = scene.returnedCount();
            send(scene, new ProcId(address, "p"));
            Waiting.until(() -> scene.returnedCount() > before);
            DeliveryFailure failure = scene.returned().getLast().failure();
            assertThat(failure.reason()).isEqualTo(Reason.DIAL_FAILED);
            assertThat(failure.detail()).contains(address.toString());
            assertThat(scene.returned().getLast().message()).contains(new Work.Item(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 100_000, 16_000_000})
    void whatComesBackInItsOwnProcIsWholeHoweverLongItIs(int length) {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ChannelAddress nobody = new ChannelAddress.Unix(directory.resolve("nobody").toString());
        Work message = new Work.Do("x".repeat(length));
        scene.client.send(
                ActorRef.attest(new ProcId(nobody, "p").actor("a", 0), Work.class), message);
        assertThat(scene.reasons(1)).containsExactly(Reason.DIAL_FAILED);
        assertThat(scene.returned().getFirst().message()).contains(message);
    }

    @Test
    void unbindingOneOfTwoProcsAtOneAddressLeavesTheOthersChannelAlone() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId leaving = new ProcId(two.address(), "leaving");
        ProcId staying = new ProcId(two.address(), "staying");
        router.bind(leaving, one.address(), Secret.NONE);
        router.bind(staying, one.address(), Secret.NONE);
        for (int i = 0; i < 200; i++) {
            router.bind(leaving, i % 2 == 0 ? two.address() : one.address(), Secret.NONE);
            send(scene, staying);
        }
        router.unbind(leaving);
        send(scene, staying);
        assertThat(one.procs(201)).containsOnly("staying").hasSize(201);
        assertThat(scene.returned()).isEmpty();
        assertThat(one.links()).isEqualTo(1);
    }

    @Test
    void ofTooManyAddressesThatNobodyBoundTheLongestIdleGivesWay() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId known = new ProcId(one.address(), "known");
        router.bind(known, one.address(), Secret.NONE);
        ProcId sibling = new ProcId(one.address(), "sibling"); // by the same link
        router.bind(sibling, one.address(), Secret.NONE);
        send(scene, known);
        List<Net.Station> others = new ArrayList<>();
        for (int i = 0; i < Links.MAX; i++) {
            others.add(net.station(ChannelAddress.any(Transport.LOCAL)));
            send(scene, at(others.getLast()));
            Waiting.get(router.flush());
        }
        long before = Counters.count(BoundCounter.LINKS_DISPLACED);
        send(scene, at(others.getFirst())); // so it is not the longest idle any more
        send(scene, at(two));
        send(scene, at(others.get(0)));
        send(scene, at(others.get(1)));
        send(scene, known);
        Waiting.get(router.flush());
        assertThat(others.get(0).links()).isEqualTo(1);
        assertThat(others.get(1).links()).isEqualTo(2);
        assertThat(Counters.count(BoundCounter.LINKS_DISPLACED)).isEqualTo(before + 2);
        assertThat(one.links()).isEqualTo(1);
        assertThat(scene.returned()).isEmpty();
    }

    private static ProcId at(Net.Station station) {
        return new ProcId(station.address(), "p");
    }

    @Test
    void whereAllLinksAreBusyNoMoreAreMade() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        AtomicBoolean hasRoom = new AtomicBoolean();
        for (int i = 0; i < Links.MAX; i++) {
            ChannelServer full =
                    net.channels.serve(
                            ChannelAddress.any(Transport.LOCAL),
                            Admission.open(),
                            (_, _, _, _) -> hasRoom.get());
            send(scene, new ProcId(full.address(), "p"));
        }
        assertThat(scene.returnedCount()).isZero();
        send(scene, at(two));
        assertThat(scene.reasons(1)).containsExactly(Reason.LINK_UNAVAILABLE);
        assertThat(scene.returned().getFirst().failure().detail())
                .isEqualTo("no more than 1024 addresses at a time, besides those of bound procs");
        ProcId known = new ProcId(one.address(), "known");
        router.bind(known, one.address(), Secret.NONE);
        send(scene, known);
        assertThat(one.procs(1)).containsExactly("known");
        hasRoom.set(true);
        Waiting.get(router.flush());
        send(scene, at(two));
        assertThat(two.procs(1)).containsExactly("p");
        assertThat(scene.returnedCount()).isEqualTo(1);
    }

    @Test
    void whoeverIsThereIsReachedHoweverManyAddressesAreNobodys() {
        try (Channels patient =
                new Channels(Net.limits(directory).withDialWindow(Duration.ofMinutes(10)))) {
            Scene scene = net.sender(new DialRouter(patient));
            Net.Station there = net.station(ChannelAddress.any(Transport.UNIX));
            sendToNobody(scene, 0);
            send(scene, at(there));
            assertThat(there.procs(1)).containsExactly("p");
            sendToNobody(scene, Links.MAX);
            send(scene, at(there));
            assertThat(there.procs(2)).hasSize(2);
            assertThat(there.links()).isEqualTo(1);
            int left = Links.UNANSWERED_MAX;
            assertThat(scene.reasons(2 * Links.MAX - left)).containsOnly(Reason.LINK_UNAVAILABLE);
        }
    }

    @Test
    void noLinkGivesWayToAReport() {
        try (Channels patient =
                new Channels(Net.limits(directory).withDialWindow(Duration.ofMinutes(10)))) {
            DialRouter router = new DialRouter(patient);
            Scene scene = net.sender(router);
            sendToNobody(scene, 0);
            int back = Links.MAX - Links.UNANSWERED_MAX;
            assertThat(scene.reasons(back)).containsOnly(Reason.LINK_UNAVAILABLE);
            Net.Station there = net.station(ChannelAddress.any(Transport.UNIX));
            Address agent = Address.of(scene.proc.id().actor(ProcAgent.NAME, 0));
            Envelope report =
                    ObjectEnvelope.news(
                            agent,
                            Address.of(at(there).actor("a", 0)),
                            HandledReports.PORT,
                            0,
                            new Handled(List.of()),
                            Handled.TYPE);
            assertThat(router.offer(report)).isTrue();
            send(scene, at(there));
            assertThat(there.procs(1)).containsExactly("p");
            assertThat(there.frames).hasSize(1);
            assertThat(scene.returnedCount()).isEqualTo(back + 1); // to the message
        }
    }

    private void sendToNobody(Scene scene, int first) {
        for (int i = first; i < first + Links.MAX; i++) {
            String path = directory.resolve("nobody" + i).toString();
            send(scene, new ProcId(new ChannelAddress.Unix(path), "p"));
        }
    }

    @Test
    void whoHasAskedAProcIsToldWhenItIsUnbound() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId ending = new ProcId(two.address(), "ending");
        ProcId staying = new ProcId(two.address(), "staying");
        router.bind(ending, one.address(), Secret.NONE);
        router.bind(staying, one.address(), Secret.NONE);
        CompletableFuture<Long> lost = request(scene, ending);
        CompletableFuture<Long> open = request(scene, staying);
        Waiting.get(router.flush());
        router.unbind(ending);
        assertThat(lost)
                .failsWithin(Waiting.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e ->
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(Reason.PROC_DIED));
        assertThat(open).isNotDone();
    }

    /// As a command that has asked something and is long gone when the host ends.
    @Test
    void whoIsGoneIsNotWaitedForToHearOfAnEnd(@TempDir Path directory) {
        ProcId gone = new ProcId(new ChannelAddress.Unix(directory.resolve("s").toString()), "p");
        ProcId ended = new ProcId(two.address(), "ended");
        Address asker = Address.of(gone.actor("asker", 0));
        Address agent = Address.of(ended.actor(ProcAgent.NAME, 0));
        ProcDied died = new ProcDied(ended, List.of());
        try (Channels patient =
                new Channels(Net.limits(directory).withDialWindow(Duration.ofMinutes(10)))) {
            DialRouter router = new DialRouter(patient);
            assertThat(
                            router.offer(
                                    ObjectEnvelope.news(
                                            agent, asker, ProcDied.PORT, 0, died, ProcDied.TYPE)))
                    .isTrue();
            assertThat(router.flush()).isDone();

            Scene scene = net.sender(router);
            scene.count(ActorRef.attest(asker.id(), Work.class), 0, 1);
            assertThat(router.flush()).isNotDone();
        }
    }

    /// Who has a request on its way when it hears of the end of the proc before.
    @Test
    void whatWasAskedOfTheNextProcOfThatNameIsNotLostWithTheOneBefore() {
        DialRouter host = new DialRouter(net.channels);
        ProcId asked = new ProcId(two.address(), "p");
        host.bind(asked, one.address(), Secret.NONE);
        Scene scene = net.sender(host);
        List<Envelope> news = new CopyOnWriteArrayList<>();
        host.returnTo(
                new Net.Nowhere() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        return news.add(envelope);
                    }
                });
        CompletableFuture<Long> lost = request(scene, asked);
        host.unbind(asked);
        host.bind(asked, two.address(), Secret.NONE);
        CompletableFuture<Long> open = request(scene, asked);

        Waiting.until(() -> !news.isEmpty());
        assertThat(news).allMatch(scene.proc::offer);

        assertThat(lost).failsWithin(Waiting.PATIENCE);
        assertThat(open).isNotDone();
    }

    private static CompletableFuture<Long> request(Scene scene, ProcId proc) {
        return scene.client.request(
                ActorRef.attest(proc.actor("a", 0), Work.class),
                (OncePortRef<Long> reply) -> new Work.Question(1, reply),
                Duration.ofHours(1));
    }

    @Test
    void aClosedRouterReturnsWhatItIsGiven() {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        ProcId proc = new ProcId(one.address(), "p");
        send(scene, proc);
        Waiting.get(router.flush());
        router.close();
        router.close();
        send(scene, proc);
        assertThat(scene.reasons(1)).isSubsetOf(Reason.CHANNEL_CLOSED, Reason.LINK_UNAVAILABLE);
        send(scene, new ProcId(two.address(), "p"));
        assertThat(scene.reasons(2)).endsWith(Reason.LINK_UNAVAILABLE);
        assertThat(two.frames).isEmpty();
    }

    @Test
    void aRouterOnClosedChannelsReturnsWhatItIsGiven() {
        Channels closed = new Channels(Net.limits(directory));
        DialRouter router = new DialRouter(closed);
        Scene scene = net.sender(router);
        closed.close();
        send(scene, new ProcId(one.address(), "p"));
        assertThat(scene.reasons(1)).containsExactly(Reason.DIAL_FAILED);
    }
}
