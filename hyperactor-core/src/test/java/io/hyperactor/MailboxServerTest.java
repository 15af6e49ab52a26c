package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

final class MailboxServerTest {
    @TempDir private Path directory;
    private Net net;

    @BeforeEach
    void start() {
        net = new Net(directory);
    }

    @AfterEach
    void end() {
        net.close();
    }

    /// Takes envelopes when told that there is room.
    private static class Gate implements MailboxSender {
        final AtomicBoolean open = new AtomicBoolean();
        final AtomicInteger refused = new AtomicInteger();
        final List<Object> taken = new CopyOnWriteArrayList<>();

        @Override
        public boolean offer(Envelope envelope) {
            if (envelope.isReturn()) { // what the server sends back
                taken.add(envelope.message(Returned.TYPE));
                return true;
            }
            if (!open.get()) {
                refused.incrementAndGet();
                return false;
            }
            taken.add(envelope.message(Protocols.of(Work.class)));
            return true;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void send(Tx tx, byte[] frame) {
        tx.offer(out -> out.writeRaw(frame, 0, frame.length), Waiting.PATIENCE.toNanos());
    }

    private static byte[] numbered(ChannelAddress address, long number) {
        return Net.frame(
                1,
                9,
                0,
                Protocols.of(Work.class).handlerIndex(),
                Protocols.of(Work.class).hash(),
                new ProcId(address, "p").actor("a", 0).toString(),
                "unix:/some/where,q,b[0]",
                out -> Protocols.of(Work.class).write(out, new Work.Item(number)));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whoeverComesBeforeItServesWaits(Transport transport) {
        MailboxServer server =
                MailboxServer.bind(net.config, ChannelAddress.any(transport), Admission.open());
        Tx tx = net.channels.dial(server.address(), Secret.NONE, (reason, frames) -> {});
        for (int i = 0; i < 100; i++) {
            send(tx, numbered(server.address(), i));
        }
        CompletableFuture<Void> flushed = tx.flush();
        assertThat(flushed).isNotDone();
        Gate gate = new Gate();
        gate.open.set(true);
        assertThat(server.serve(gate)).isTrue();
        assertThat(server.serve(new Net.Nowhere())).isFalse();
        Waiting.get(flushed);
        assertThat(gate.taken).hasSize(100).startsWith(new Work.Item(0), new Work.Item(1));
        server.close();
        server.close();
    }

    @Test
    void anAddressIsServedOnce() {
        MailboxServer server =
                MailboxServer.bind(
                        net.config, ChannelAddress.any(Transport.LOCAL), Admission.open());
        assertThatThrownBy(() -> MailboxServer.bind(net.config, server.address(), Admission.open()))
                .isInstanceOf(ChannelException.AddressInUse.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void framesThatAreNoEnvelopesAreCountedAndDroppedAndTheLinkLives(Transport transport) {
        Gate gate = new Gate();
        gate.open.set(true);
        MailboxServer server =
                MailboxServer.serve(
                        net.config, ChannelAddress.any(transport), Admission.open(), gate);
        CompletableFuture<Object> ended = new CompletableFuture<>();
        Tx tx =
                net.channels.dial(
                        server.address(), Secret.NONE, (reason, frames) -> ended.complete(reason));
        byte[] good = numbered(server.address(), 1);
        List<byte[]> bad =
                List.of(
                        new byte[0],
                        new byte[] {1},
                        java.util.Arrays.copyOf(good, 20),
                        java.util.Arrays.copyOf(good, 30),
                        Net.frame(2, 9, 0, 1, 1, "local:1,p,a[0]", "local:1,q,b[0]", out -> {}),
                        Net.frame(0, 9, 0, 1, 1, "local:1,p,a[0]", "local:1,q,b[0]", out -> {}),
                        Net.frame(1, 9, 0, 1, 1, "no address", "local:1,q,b[0]", out -> {}),
                        Net.frame(1, 9, 0, 1, 1, "local:1,p,a[0]", "", out -> {}),
                        Net.frame(1, 9, 0, 1, 1, "local:1,p,a[0][7]", "local:1,q,b[0]", out -> {}),
                        Net.frame(1, 9, 3, 1, 1, "", "", out -> {}));
        long before = Counters.malformed();
        for (byte[] frame : bad) {
            send(tx, frame);
        }
        send(tx, good);
        Waiting.get(tx.flush());
        assertThat(Counters.malformed()).isEqualTo(before + bad.size());
        assertThat(gate.taken).containsExactly(new Work.Item(1));
        assertThat(ended).isNotDone();
    }

    @Test
    void aControlMessageThatIsNoneIsCountedAndDropped() throws Exception {
        try (Scene scene =
                new Scene(Proc.direct(ChannelAddress.any(Transport.LOCAL), "p", net.config))) {
            Tx tx =
                    net.channels.dial(
                            scene.proc.id().address(), Secret.NONE, (reason, frames) -> {});
            long before = Counters.malformed();
            for (long port : new long[] {Returned.PORT, RequestFailed.PORT}) {
                long hash =
                        port == Returned.PORT ? Returned.TYPE.hash() : RequestFailed.TYPE.hash();
                send(
                        tx,
                        Net.pinnedTo(
                                scene.client.senderIncarnation(),
                                Net.frame(
                                        1,
                                        9,
                                        Envelope.RETURN | Envelope.PINNED,
                                        port,
                                        hash,
                                        scene.client.id().toString(),
                                        "local:1,q,b[0]",
                                        out -> out.writeByte(0xFF))));
            }
            Waiting.get(tx.flush());
            assertThat(Counters.malformed()).isEqualTo(before + 2);
            assertThat(scene.ask(scene.spawn("a", new Counting()).ref(), 0)).isZero();
        }
    }

    @Test
    void aPayloadThatIsNoMessageOfItsTypeGoesBack() {
        Net.Station home = net.station(ChannelAddress.any(Transport.LOCAL));
        try (Scene scene =
                new Scene(Proc.direct(ChannelAddress.any(Transport.LOCAL), "p", net.config))) {
            Counting actor = new Counting();
            ActorHandle<Work> handle = scene.spawn("a", actor);
            Tx tx =
                    net.channels.dial(
                            scene.proc.id().address(), Secret.NONE, (reason, frames) -> {});
            send(
                    tx,
                    Net.frame(
                            1,
                            9,
                            0,
                            Protocols.of(Work.class).handlerIndex(),
                            Protocols.of(Work.class).hash(),
                            handle.id().toString(),
                            new ProcId(home.address(), "q").actor("b", 0).toString(),
                            out -> out.writeLong(-1)));
            assertThat(home.procs(1)).containsExactly("q");
            byte[] frame = home.frames.getFirst();
            Returned returned =
                    (Returned)
                            WireEnvelope.parse(frame, 0, frame.length, scene.proc.home())
                                    .message(Returned.TYPE);
            assertThat(returned.failures().getFirst().reason()).isEqualTo(Reason.PROTOCOL_MISMATCH);
            assertThat(handle.status().isTerminal()).isFalse();
            assertThat(actor.numbers).isEmpty();
        }
    }

    /// Throws over the messages with these numbers, before or after it has taken them.
    ///
    /// @param alsoReturns over what goes back too
    private record Faulty(MailboxSender target, long before, long after, Optional<Flaw> alsoReturns)
            implements MailboxSender {
        @Override
        public boolean offer(Envelope envelope) {
            if (envelope.isReturn()) {
                alsoReturns.ifPresent(Flaw::show);
                return target.offer(envelope);
            }
            long number = ((Work.Item) envelope.message(Protocols.of(Work.class))).value();
            if (number == before) {
                throw new IllegalStateException("before");
            }
            boolean taken = target.offer(envelope);
            if (number == after) {
                throw new IllegalStateException("after");
            }
            return taken;
        }

        @Override
        public CompletableFuture<Void> flush() {
            return target.flush();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aMessageOverWhichTheTargetThrewComesBackAsUnknownAndTheLinkLives(Transport transport) {
        try (Scene here = net.sender(new DialRouter(net.channels));
                MailboxServer server =
                        MailboxServer.bind(
                                net.config, ChannelAddress.any(transport), Admission.open());
                Proc there =
                        Proc.configured(new ProcId(server.address(), "p"), here.proc, net.config)) {
            Counting actor = new Counting();
            ActorHandle<Work> handle = there.spawn("a", Scene.type("a", actor));
            server.serve(new Faulty(there, 2, 4, Optional.empty()));
            here.count(handle.ref(), 0, 6);
            Waiting.until(() -> here.returnedCount() == 2 && actor.numbers.size() == 5);
            assertThat(actor.numbers).containsExactly(0L, 1L, 3L, 4L, 5L);
            assertThat(here.returnedNumbers()).containsExactly(2L, 4L);
            assertThat(here.returned())
                    .allMatch(back -> back.outcome() == Undeliverable.Outcome.UNKNOWN)
                    .allMatch(back -> back.failure().reason() == Reason.REFUSED)
                    .first()
                    .asString()
                    .contains("it threw java.lang.IllegalStateException: before");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCanNotEvenGoBackIsCounted(Flaw flaw) {
        Gate gate = new Gate();
        gate.open.set(true);
        MailboxServer server =
                MailboxServer.serve(
                        net.config,
                        ChannelAddress.any(Transport.UNIX),
                        Admission.open(),
                        new Faulty(gate, 0, -1, Optional.of(flaw)));
        Tx tx = net.channels.dial(server.address(), Secret.NONE, (reason, frames) -> {});
        long before = Counters.abandoned();
        send(tx, numbered(server.address(), 0));
        send(tx, numbered(server.address(), 1));
        Waiting.get(tx.flush());
        assertThat(gate.taken).containsExactly(new Work.Item(1));
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
    }

    /// What goes wrong with the class of a message.
    enum Flaw {
        UNSUPPORTED,
        CLASS_MISSING,
        NOT_INITIALIZED,
        NOT_AS_ASSERTED,
        ENDLESS;

        void show() {
            switch (this) {
                case UNSUPPORTED -> throw new UnsupportedOperationException("on purpose");
                case CLASS_MISSING -> throw new NoClassDefFoundError("on purpose");
                case NOT_INITIALIZED -> throw new ExceptionInInitializerError("on purpose");
                case NOT_AS_ASSERTED -> throw new AssertionError("on purpose");
                case ENDLESS -> throw new StackOverflowError("on purpose");
            }
        }
    }

    /// Its values can be sent, but not be put into a set.
    record Odd(Flaw flaw) {
        @Override
        public int hashCode() {
            flaw.show();
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    record Oddities(Set<Odd> odd) {}

    @ParameterizedTest
    @EnumSource
    void aMessageWhoseClassesThrowGoesBackAndEndsNobody(Flaw flaw) {
        try (Pair pair = new Pair(Transport.UNIX, directory)) {
            AtomicInteger taken = new AtomicInteger();
            ActorHandle<Oddities> handle =
                    pair.there.proc.spawn(
                            "odd",
                            ActorType.of(
                                    "odd",
                                    Oddities.class,
                                    () -> (cx, odd) -> taken.incrementAndGet()));
            Set<Odd> odd = new TreeSet<>(Comparator.comparing(Odd::flaw));
            odd.add(new Odd(flaw));
            pair.here.client.send(handle.ref(), new Oddities(Set.of()));
            pair.here.client.send(handle.ref(), new Oddities(odd));
            pair.here.client.send(handle.ref(), new Oddities(Set.of()));
            Waiting.until(() -> taken.get() == 2);
            assertThat(pair.here.reasons(1)).containsExactly(Reason.PROTOCOL_MISMATCH);
            assertThat(pair.here.returned().getFirst().toString()).contains("on purpose");
            assertThat(handle.status().isTerminal()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatATargetBrokeDownOverHasAnUnknownOutcome(Transport transport) {
        Gate gate =
                new Gate() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        if (super.taken.size() == 2) {
                            throw new InternalError("on purpose");
                        }
                        return super.offer(envelope);
                    }
                };
        MailboxServer server =
                MailboxServer.serve(
                        net.config, ChannelAddress.any(transport), Admission.open(), gate);
        try (Scene scene = net.sender(new DialRouter(net.channels))) {
            ProcId proc = new ProcId(server.address(), "p");
            scene.count(ActorRef.attest(proc.actor("a", 0), Work.class), 0, 5);
            Waiting.until(() -> gate.refused.get() > 0); // all are on their way
            gate.open.set(true);
            Waiting.until(() -> scene.returnedCount() == 3);
            assertThat(gate.taken).containsExactly(new Work.Item(0), new Work.Item(1));
            assertThat(scene.returnedNumbers()).containsExactly(2L, 3L, 4L);
            assertThat(scene.returned())
                    .extracting(Undeliverable::outcome)
                    .containsExactly(
                            Undeliverable.Outcome.UNKNOWN,
                            Undeliverable.Outcome.NOT_DELIVERED,
                            Undeliverable.Outcome.NOT_DELIVERED);
        }
    }

    @Test
    void aTargetThatGetsRoomInTimeLosesNothing() {
        Gate gate = new Gate();
        MailboxServer server =
                MailboxServer.serve(
                        net.config.withSendWait(Waiting.PATIENCE),
                        ChannelAddress.any(Transport.UNIX),
                        Admission.open(),
                        gate);
        Tx tx = net.channels.dial(server.address(), Secret.NONE, (reason, frames) -> {});
        for (int i = 0; i < 50; i++) {
            send(tx, numbered(server.address(), i));
        }
        Waiting.until(() -> gate.refused.get() > 2);
        gate.open.set(true);
        Waiting.get(tx.flush());
        assertThat(gate.taken).hasSize(50).startsWith(new Work.Item(0)).endsWith(new Work.Item(49));
    }
}
