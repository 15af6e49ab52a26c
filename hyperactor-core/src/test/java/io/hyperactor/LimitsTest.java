package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// Limits one below, at, and one above: what is over comes back as `QUEUE_FULL` and is counted, and
/// nothing else does.
final class LimitsTest {
    private static final int ROOM = 4;

    /// Of a frame with a message, before its envelope.
    private static final int FRAME_HEADER = 13;

    @TempDir private Path directory;
    private final Taking actor = new Taking();

    /// Takes numbers and texts, but is held up by the text `hold`.
    private static final class Taking implements Actor<Work> {
        final CountDownLatch held = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger numbers = new AtomicInteger();
        final AtomicInteger texts = new AtomicInteger();

        @Override
        public void receive(Context<Work> cx, Work message) {
            if (message.equals(new Work.Do("hold"))) {
                held.countDown();
                Waiting.on(release);
            } else {
                (message instanceof Work.Do ? texts : numbers).incrementAndGet();
            }
        }
    }

    /// An actor in another proc that is held up.
    private ActorHandle<Work> held(Pair pair) {
        ActorHandle<Work> handle = pair.there.spawn("a", actor);
        pair.here.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        return handle;
    }

    private Pair pair(Transport transport, UnaryOperator<ProcConfig> config) {
        return new Pair(transport, directory, channels -> channels, config);
    }

    /// For whoever sends to nobody: its end does not wait for him.
    private Pair toNobody(UnaryOperator<ChannelConfig> channels) {
        return new Pair(
                Transport.UNIX,
                directory,
                config -> channels.apply(config).withCloseWait(Duration.ofMillis(1)),
                config -> config.withFlushTimeout(Duration.ZERO).withSendWait(Duration.ZERO));
    }

    private static Work.Do text(int length) {
        return new Work.Do("x".repeat(length));
    }

    private static void assertReturned(Scene sender, int over, long countedBefore) {
        if (over > 0) {
            assertThat(sender.reasons(over)).hasSize(over).containsOnly(Reason.QUEUE_FULL);
        }
        assertThat(sender.returnedCount()).isEqualTo(over);
        assertThat(Counters.undelivered(Reason.QUEUE_FULL) - countedBefore).isEqualTo(over);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesOfTheSameProcInAMailbox(int beyond) {
        ProcId id = new ProcId(new ChannelAddress.Local(1), "small");
        ProcConfig config =
                ProcConfig.defaults().withMailboxMaxMessages(ROOM).withSendWait(Duration.ZERO);
        try (Scene scene = new Scene(Proc.configured(id, new Net.Nowhere(), config))) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            ActorHandle<Work> full = scene.spawn("full", actor);
            scene.client.send(full.ref(), new Work.Do("hold"));
            Waiting.on(actor.held);
            scene.count(full.ref(), 0, ROOM + beyond);

            assertReturned(scene, Math.max(0, beyond), before);
            actor.release.countDown();
            Waiting.until(() -> actor.numbers.get() == ROOM + Math.min(0, beyond));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesOfAnotherProcInAMailbox(int beyond) {
        try (Pair pair =
                pair(
                        Transport.UNIX,
                        config ->
                                config.withMailboxMaxMessages(ROOM).withSendWait(Duration.ZERO))) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            ActorHandle<Work> full = held(pair);
            pair.here.count(full.ref(), 0, ROOM + beyond);
            Waiting.get(pair.here.proc.flush());
            Waiting.get(pair.there.proc.flush()); // and with it the word to hold back

            assertThat(pair.here.proc.holdsBack()).isEqualTo(beyond > 0);
            assertReturned(pair.here, 0, before);
            actor.release.countDown();
        }
    }

    /// However late it hears that it is to hold back: this one does not care.
    @Test
    void whatASenderHasOnItsWayFindsRoomInAMailboxThatIsFull() {
        int messages = 200_000; // three times what a link holds
        try (Pair pair =
                pair(
                        Transport.UNIX,
                        config ->
                                config.withMailboxMaxMessages(ROOM).withSendWait(Duration.ZERO))) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            ActorHandle<Work> full = held(pair);
            for (int i = 0; i < messages; i += 20_000) {
                pair.here.count(full.ref(), i, i + 20_000);
                Waiting.get(pair.here.proc.flush()); // for the link itself has no room for more
            }

            assertReturned(pair.here, 0, before);
            assertThat(pair.there.proc.queuedMessages()).isEqualTo(messages);
            actor.release.countDown();
            Waiting.until(() -> !pair.here.proc.holdsBack()); // the last word to it
        }
    }

    /// How many bytes a text of 1000 characters is on its way.
    private int wireBytes(Transport transport) {
        return wireBytes(transport, 1000);
    }

    private int wireBytes(Transport transport, int length) {
        try (Pair pair = pair(transport, config -> config)) {
            Taking other = new Taking();
            ActorHandle<Work> handle = pair.there.spawn("a", other);
            pair.here.client.send(handle.ref(), new Work.Do("hold"));
            Waiting.on(other.held);
            pair.here.client.send(handle.ref(), text(length));
            Waiting.until(() -> pair.there.proc.queuedMessages() == 1);
            ActorCell<?> cell = (ActorCell<?>) pair.there.proc.find(handle.id());
            int bytes = (int) cell.wireBytes();
            other.release.countDown();
            return bytes;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void bytesOfAnotherProcInAMailbox(int beyond) {
        int each = wireBytes(Transport.UNIX);
        try (Pair pair =
                pair(
                        Transport.UNIX,
                        config ->
                                config.withMailboxMaxBytes((long) ROOM * each)
                                        .withSendWait(Duration.ZERO))) {
            ActorHandle<Work> full = held(pair);
            for (int i = 1; i < ROOM; i++) {
                pair.here.client.send(full.ref(), text(1000));
            }
            Waiting.until(() -> pair.there.proc.queuedMessages() == ROOM - 1);
            pair.there.client.send(full.ref(), text(1000)); // of its own proc: does not count
            Work.Do last = text(1000 + beyond);
            try (Proc third =
                    Proc.direct(ChannelAddress.any(Transport.UNIX), "more", pair.config)) {
                Scene fresh = new Scene(third); // nobody has asked it to hold back
                long before = Counters.undelivered(Reason.QUEUE_FULL);
                fresh.client.send(full.ref(), last);
                Waiting.get(third.flush());

                assertReturned(fresh, Math.max(0, beyond), before);
                assertThat(pair.there.proc.queuedMessages())
                        .isEqualTo(ROOM + 1 - Math.max(0, beyond));
                actor.release.countDown();
                Waiting.until(() -> !third.holdsBack()); // the last word to it
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatGoesBackWhenAnActorEndsHoldsNoBytes(boolean aborted) {
        try (Pair pair = pair(Transport.UNIX, config -> config)) {
            ActorHandle<Work> handle = held(pair);
            var cell = (ActorCell<?>) pair.there.proc.find(handle.id());
            for (int i = 0; i < ROOM; i++) {
                pair.here.client.send(handle.ref(), text(1000));
            }
            Waiting.until(() -> cell.wireBytes() > ROOM * 1000);

            if (aborted) {
                cell.abort("enough");
            } else {
                handle.stop("enough");
            }
            actor.release.countDown();

            Waiting.until(() -> cell.wireBytes() == 0);
            Waiting.until(cell::isRoomy);
        }
    }

    @Test
    void aMessageOfMoreBytesThanAMailboxMayHaveFitsAlone() {
        try (Pair pair = pair(Transport.UNIX, config -> config.withMailboxMaxBytes(10))) {
            ActorHandle<Work> handle = pair.there.spawn("a", actor);
            pair.here.client.send(handle.ref(), new Work.Do("hold"));
            Waiting.on(actor.held);
            pair.here.client.send(handle.ref(), new Work.Item(1));
            Waiting.get(pair.here.proc.flush());
            assertThat(pair.there.proc.queuedMessages()).isOne();
            actor.release.countDown();
            Waiting.until(() -> actor.numbers.get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whoSendsTooManyBytesIsAskedToHoldBackAndNothingIsLost(Transport transport) {
        int texts = 150; // of a megabyte each
        try (Pair pair = pair(transport, config -> config.withSendWait(Waiting.PATIENCE))) {
            ActorHandle<Work> handle = held(pair);
            Thread sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < texts; i++) {
                                    pair.here.client.send(handle.ref(), text(1 << 20));
                                }
                            });
            Waiting.until(
                    () -> // not only for the link, which is slow at times
                    sender.getState() == Thread.State.TIMED_WAITING
                                    && pair.there.proc.queuedMessages() > 0);
            assertThat(pair.there.proc.queuedMessages()).isLessThanOrEqualTo(64);
            actor.release.countDown();
            Waiting.until(() -> !sender.isAlive());
            Waiting.until(() -> actor.texts.get() == texts);
            assertThat(pair.here.returned()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesInAPort(int beyond) {
        ProcId id = new ProcId(new ChannelAddress.Local(1), "small");
        ProcConfig config = ProcConfig.defaults().withMailboxMaxMessages(ROOM);
        try (Scene scene = new Scene(Proc.configured(id, new Net.Nowhere(), config));
                Port<Long> port = scene.client.openPort(Long.class)) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            for (long i = 0; i < ROOM + beyond; i++) {
                scene.client.send(port.ref(), i);
            }
            assertReturned(scene, Math.max(0, beyond), before);
            assertThat(port.drain()).hasSize(ROOM + Math.min(0, beyond));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesThatWaitForAListener(int beyond) {
        int room = ListenerQueue.WAITING_MAX;
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger heard = new AtomicInteger();
        try (Scene scene = new Scene()) {
            long before = Counters.abandoned();
            scene.client.onUndeliverable(_ -> {
                Waiting.on(release);
                heard.incrementAndGet();
            });
            ActorId nobody = scene.proc.id().actor("nobody", 0);
            scene.count(ActorRef.attest(nobody, Work.class), 0, room + beyond);
            assertThat(Counters.abandoned() - before).isEqualTo(Math.max(0, beyond));
            release.countDown();
            Waiting.until(() -> heard.get() == room + Math.min(0, beyond));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesThatWaitForAnActorToHearThatTheyCameBack(int beyond) {
        int room = ListenerQueue.WAITING_MAX;
        AtomicInteger heard = new AtomicInteger();
        try (Scene scene = new Scene()) {
            ActorId nobody = scene.proc.id().actor("nobody", 0);
            ActorRef<Work> to = ActorRef.attest(nobody, Work.class);
            long before = Counters.abandoned();
            ActorHandle<Work> sender =
                    scene.spawn(
                            "sender",
                            new Actor<>() {
                                @Override
                                public void receive(Context<Work> cx, Work message) {
                                    for (int i = 0; i < room + beyond; i++) {
                                        cx.send(to, message);
                                    }
                                }

                                @Override
                                public void undeliverable(
                                        Context<Work> cx, Undeliverable returned) {
                                    heard.incrementAndGet();
                                }
                            });
            scene.count(sender.ref(), 0, 1);
            Waiting.until(() -> heard.get() == room + Math.min(0, beyond));
            assertThat(Counters.abandoned() - before).isEqualTo(Math.max(0, beyond));
        }
    }

    /// How many bytes a text of 1000 characters is on its way to a port.
    private int wireBytesToPort() {
        try (Pair pair = pair(Transport.UNIX, config -> config);
                Port<String> port = pair.there.client.openPort(String.class)) {
            pair.here.client.send(port.ref(), "x".repeat(1000));
            Waiting.until(() -> port.wireBytes() > 0);
            return (int) port.wireBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void bytesOfAnotherProcInAPort(int beyond) {
        long most = (long) ROOM * wireBytesToPort();
        try (Pair pair = pair(Transport.UNIX, config -> config.withMailboxMaxBytes(most));
                Port<String> port = pair.there.client.openPort(String.class)) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            for (int i = 1; i < ROOM; i++) {
                pair.here.client.send(port.ref(), "x".repeat(1000));
            }
            pair.there.client.send(port.ref(), "of its own proc, which does not count");
            pair.here.client.send(port.ref(), "x".repeat(1000 + beyond));
            Waiting.get(pair.here.proc.flush());

            int over = Math.max(0, beyond);
            assertReturned(pair.here, over, before);
            assertThat(port.drain()).hasSize(ROOM + 1 - over);
            assertThat(port.wireBytes()).isZero();
        }
    }

    @Test
    void aMessageOfMoreBytesThanAPortMayHaveFitsAlone() throws Exception {
        try (Pair pair = pair(Transport.UNIX, config -> config.withMailboxMaxBytes(10));
                Port<String> port = pair.there.client.openPort(String.class)) {
            pair.here.client.send(port.ref(), "longer than that");
            assertThat(port.receive(Waiting.PATIENCE)).contains("longer than that");
            assertThat(port.wireBytes()).isZero();
        }
    }

    /// Each holds one step, of its one message.
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void bytesOfAnotherProcInAllMailboxesAndPorts(int beyond) {
        Taking second = new Taking();
        try (Pair pair =
                pair(
                        Transport.UNIX,
                        config -> config.withMailboxesMaxBytes(3L * HeldBytes.STEP + beyond))) {
            Port<String> port = pair.there.client.openPort(String.class);
            ActorHandle<Work> a = held(pair);
            ActorHandle<Work> b = pair.there.spawn("b", second);
            pair.here.client.send(b.ref(), new Work.Do("hold"));
            Waiting.on(second.held);
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            pair.here.client.send(a.ref(), text(HeldBytes.STEP));
            pair.here.client.send(port.ref(), "x".repeat(HeldBytes.STEP));
            pair.here.client.send(b.ref(), text(HeldBytes.STEP));
            Waiting.get(pair.here.proc.flush());
            int over = Math.max(0, -beyond);
            assertReturned(pair.here, over, before);
            assertThat(pair.there.proc.queuedBytes()).isEqualTo((3L - over) * HeldBytes.STEP);

            pair.there.client.send(b.ref(), text(HeldBytes.STEP)); // of its own proc
            try (Port<String> other = pair.there.client.openPort(String.class)) {
                pair.here.client.send(other.ref(), "there is always room for a little");
                pair.here.client.send(other.ref(), "x".repeat(HeldBytes.STEP));
                Waiting.get(pair.here.proc.flush());
                assertReturned(pair.here, over + 1, before);
                assertThat(other.drain()).hasSize(1);
            }
            port.close();
            actor.release.countDown();
            second.release.countDown();
            Waiting.until(() -> pair.there.proc.queuedBytes() == 0);
            assertThat(port.drain()).hasSize(1);
            assertThat(pair.there.proc.queuedBytes()).isZero();
        }
    }

    /// Of two links nobody takes what they send: each has two chunks, and one of them to itself.
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void bytesOfAllLinksTogether(int beyond) {
        long chunk = 64 * 1024 + 512;
        try (Pair pair = toNobody(config -> config.withLinksMaxBytes(2 * chunk + beyond))) {
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            for (int i = 0; i < 4; i++) {
                var address = new ChannelAddress.Unix(directory.resolve("no" + i % 2).toString());
                ActorRef<Work> nobody =
                        ActorRef.attest(new ProcId(address, "p").actor("a", 0), Work.class);
                pair.here.client.send(nobody, text(40_000));
            }
            int over = Math.max(0, -beyond);
            assertReturned(pair.here, over, before);
            assertThat(pair.config.channels().heldBytes()).isEqualTo((2 - over) * chunk);
        }
    }

    /// Begins a link and a frame with a body of that length, of which the last byte is missing.
    private static SocketChannel part(ChannelAddress address, int length) throws IOException {
        var path = Path.of(((ChannelAddress.Unix) address).path());
        SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path));
        ByteBuffer bytes = ByteBuffer.allocate(46 + FRAME_HEADER + length);
        bytes.putInt(0x48595052).put((byte) 1).put((byte) 40).putInt(0).putLong(7);
        bytes.putInt(1 << 20).putInt(1 << 20).putInt(1000).putLong(0).putLong(0);
        bytes.putInt(FRAME_HEADER - 4 + length).put((byte) 1).putLong(1);
        bytes.position(0).limit(bytes.capacity() - 1);
        while (bytes.hasRemaining()) {
            int _ = peer.write(bytes);
        }
        return peer;
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void bytesOfAllFramesThatHaveNotWhollyArrived(int beyond) throws Exception {
        int length = 300_000;
        int part = FRAME_HEADER + 100_000;
        long bound = (long) part + FRAME_HEADER + wireBytes(Transport.UNIX, length) + beyond;
        try (Pair pair =
                        new Pair(
                                Transport.UNIX,
                                directory,
                                channels -> channels.withArrivingMaxBytes(bound),
                                config -> config);
                SocketChannel _ = part(pair.there.proc.id().address(), part - FRAME_HEADER)) {
            Channels there = pair.there.proc.config().channels();
            Waiting.until(() -> there.arrivingBytes() == part);
            ActorHandle<Work> handle = pair.there.spawn("a", actor);
            long before = Counters.undelivered(Reason.QUEUE_FULL);
            pair.here.client.send(handle.ref(), text(length));
            pair.here.client.send(handle.ref(), text(1)); // behind it on the same link
            Waiting.get(pair.here.proc.flush());
            int over = Math.max(0, -beyond);
            assertReturned(pair.here, over, before);
            Waiting.until(() -> actor.texts.get() == 2 - over);
            assertThat(there.arrivingBytes()).isEqualTo(part);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void addressesThatAProcDialsAndNobodyAnswersAt(int beyond) {
        int most = 512;
        try (Pair pair = toNobody(config -> config)) {
            long before = Counters.undelivered(Reason.LINK_UNAVAILABLE);
            for (int i = 0; i < most + beyond; i++) { // nobody is there: they are tried for long
                var address = new ChannelAddress.Unix(directory.resolve("nobody" + i).toString());
                pair.here.count(
                        ActorRef.attest(new ProcId(address, "p").actor("a", 0), Work.class),
                        i,
                        i + 1);
            }
            int over = Math.max(0, beyond);
            if (over > 0) {
                assertThat(pair.here.reasons(over)).containsExactly(Reason.LINK_UNAVAILABLE);
            }
            assertThat(pair.here.returnedCount()).isEqualTo(over);
            assertThat(Counters.undelivered(Reason.LINK_UNAVAILABLE) - before).isEqualTo(over);
        }
    }
}
