package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What every transport does.
final class TransportTest {
    @TempDir Path directory;
    private Channels channels;
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();

    @BeforeEach
    void start() {
        channels = new Channels(config());
    }

    private ChannelConfig config() {
        return TestTransports.config().withRuntimeDirectory(directory.resolve("run"));
    }

    @AfterEach
    void stop() {
        channels.close();
    }

    /// What closes from now on waits as long as it takes: for tests in which nobody is stuck.
    private void closePatiently() {
        channels.close();
        channels = new Channels(config().withCloseWait(Recorder.PATIENCE));
    }

    private ChannelServer serve(Transport transport) {
        return channels.serve(TestTransports.any(transport), Admission.open(), recorder);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void framesArriveInTheOrderTheyWereOfferedIn(Transport transport) throws Exception {
        ChannelServer server = serve(transport);
        Tx tx = channels.dial(server.address(), Secret.NONE, ending);

        List<String> sent = IntStream.range(0, 1000).mapToObj(i -> "frame " + i).toList();
        sent.forEach(text -> assertThat(tx.offer(Frames.text(text))).isTrue());
        tx.flush().get(30, TimeUnit.SECONDS);

        assertThat(recorder.texts()).isEqualTo(sent);
        assertThat(recorder.batches.get()).isPositive();
        assertThat(tx.address()).isEqualTo(server.address());
        assertThat(tx.closed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void framesOfAllSizesArriveWhole(Transport transport) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Tx tx = channels.dial(serve(transport).address(), Secret.NONE, ending);

        List<byte[]> sent = new ArrayList<>();
        for (int size :
                new int[] {0, 1, 65_535, 65_536, 65_537, 100_000, 3 << 20, 0, 12, 700_000}) {
            sent.add(Frames.random(random, size));
        }
        for (int i = 0; i < 200; i++) {
            sent.add(Frames.random(random, random.nextInt(1 << random.nextInt(19))));
        }
        for (byte[] frame : sent) {
            assertThat(tx.offer(Frames.bytes(frame), TimeUnit.SECONDS.toNanos(30))).isTrue();
        }
        tx.flush().get(30, TimeUnit.SECONDS);

        assertThat(recorder.frames())
                .as("seed %d", seed)
                .usingElementComparator(java.util.Arrays::compare)
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void tenSendersReachOneServerEachInItsOwnOrder(Transport transport) throws Exception {
        int senders = 10;
        int frames = 20_000;
        ChannelServer server = serve(transport);
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int s = 0; s < senders; s++) {
            long base = (long) s << 32;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try (Tx tx =
                                        channels.dial(
                                                server.address(), Secret.NONE, new Ending())) {
                                    for (int i = 0; i < frames; i++) {
                                        if (!tx.offer(
                                                Frames.number(base + i),
                                                TimeUnit.SECONDS.toNanos(30))) {
                                            throw new AssertionError("no room for " + i);
                                        }
                                    }
                                    tx.flush().get(30, TimeUnit.SECONDS);
                                } catch (Throwable t) {
                                    failure.set(t);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        recorder.awaitCount(senders * frames);

        assertThat(failure.get()).isNull();
        Map<Long, List<Long>> bySender = new HashMap<>();
        for (byte[] frame : recorder.frames()) {
            long number = ByteBuffer.wrap(frame).getLong();
            bySender.computeIfAbsent(number >>> 32, s -> new ArrayList<>())
                    .add(number & 0xffffffffL);
        }
        assertThat(bySender).hasSize(senders);
        List<Long> expected = LongStream.range(0, frames).boxed().toList();
        bySender.values().forEach(numbers -> assertThat(numbers).isEqualTo(expected));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void manyThreadsMayOfferToOneLink(Transport transport) throws Exception {
        Tx tx = channels.dial(serve(transport).address(), Secret.NONE, ending);
        int perThread = 20_000;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long base = (long) t << 32;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < perThread; i++) {
                                    if (!tx.offer(
                                            Frames.number(base + i),
                                            TimeUnit.SECONDS.toNanos(30))) {
                                        return;
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        tx.flush().get(30, TimeUnit.SECONDS);

        Map<Long, Long> next = new HashMap<>();
        for (byte[] frame : recorder.frames()) {
            long number = ByteBuffer.wrap(frame).getLong();
            assertThat(number & 0xffffffffL).isEqualTo(next.getOrDefault(number >>> 32, 0L));
            next.merge(number >>> 32, 1L, Long::sum);
        }
        assertThat(next.values()).containsOnly((long) perThread).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aClosedServerEndsItsLinksAndRefusesNewFrames(Transport transport) throws Exception {
        ChannelServer server = serve(transport);
        Tx tx = channels.dial(server.address(), Secret.NONE, ending);
        tx.offer(Frames.text("before"));
        tx.flush().get(30, TimeUnit.SECONDS);

        server.close();

        assertThat(ending.reason()).isEqualTo(new CloseReason.PeerClosed());
        assertThat(ending.frames()).isEmpty();
        assertThatThrownBy(() -> tx.offer(Frames.text("after")))
                .isInstanceOf(ChannelException.Closed.class)
                .hasMessageContaining(server.address().toString());
        assertThat(tx.closed()).contains(new CloseReason.PeerClosed());
        assertThat(channels.count(ChannelCounter.LINKS_LOST)).isZero(); // it is in good order
        assertThat(recorder.texts()).containsExactly("before");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void closingALinkSendsWhatWasOffered(Transport transport) {
        closePatiently();
        Tx tx = channels.dial(serve(transport).address(), Secret.NONE, ending);
        for (int i = 0; i < 5000; i++) {
            tx.offer(Frames.text("frame " + i));
        }

        tx.close();

        assertThat(ending.reason()).isEqualTo(new CloseReason.ClosedHere());
        assertThat(ending.frames()).isEmpty();
        assertThat(ending.calls.get()).isOne();
        assertThat(recorder.count()).isEqualTo(5000);
        assertThatThrownBy(() -> tx.offer(Frames.text("after")))
                .isInstanceOf(ChannelException.Closed.class);
        tx.close();
        assertThat(ending.calls.get()).isOne();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aFrameThatIsTooLargeFailsAlone(Transport transport) throws Exception {
        try (Channels small = new Channels(config().withFrameMaxBytes(1000))) {
            Recorder received = new Recorder();
            Tx tx =
                    small.dial(
                            small.serve(TestTransports.any(transport), Admission.open(), received)
                                    .address(),
                            Secret.NONE,
                            ending);
            tx.offer(Frames.bytes(new byte[1000]));
            for (int size : new int[] {1001, 100_000}) {
                assertThatThrownBy(() -> tx.offer(Frames.bytes(new byte[size])))
                        .isInstanceOfSatisfying(
                                ChannelException.FrameTooLarge.class,
                                e -> {
                                    assertThat(e.length()).isEqualTo(size);
                                    assertThat(e.limit()).isEqualTo(1000);
                                });
            }
            assertThatThrownBy(() ->
                            tx.offer(out -> {
                                while (true) {
                                    out.writeLong(1);
                                }
                            }))
                    .isInstanceOf(ChannelException.FrameTooLarge.class);
            tx.offer(Frames.bytes(new byte[999]));
            tx.flush().get(30, TimeUnit.SECONDS);

            assertThat(received.frames())
                    .extracting(frame -> frame.length)
                    .containsExactly(1000, 999);
            assertThat(tx.closed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aBodyThatThrowsLeavesNoTrace(Transport transport) throws Exception {
        Tx tx = channels.dial(serve(transport).address(), Secret.NONE, ending);
        tx.offer(Frames.text("one"));
        for (int size : new int[] {1, 70_000, 1 << 20}) {
            assertThatThrownBy(() ->
                            tx.offer(out -> {
                                out.writeRaw(new byte[size], 0, size);
                                throw new IllegalStateException("planned");
                            }))
                    .hasMessage("planned");
        }
        tx.offer(Frames.text("two"));
        tx.flush().get(30, TimeUnit.SECONDS);

        assertThat(recorder.texts()).containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aReceiverWithoutRoomPausesItsLinkOnlyAndLosesNothing(Transport transport)
            throws Exception {
        Recorder full = new Recorder();
        full.open = false;
        Tx paused =
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), full)
                                .address(),
                        Secret.NONE,
                        ending);
        Tx other = channels.dial(serve(transport).address(), Secret.NONE, new Ending());
        List<String> sent = IntStream.range(0, 3000).mapToObj(i -> "frame " + i).toList();
        sent.forEach(text -> assertThat(paused.offer(Frames.text(text))).isTrue());
        Awaitility.await().until(() -> full.refused.get() > 3); // it is offered again and again

        other.offer(Frames.text("unharmed"));
        other.flush().get(30, TimeUnit.SECONDS);
        assertThat(full.count()).isZero();
        full.open = true;
        full.last.resume();
        paused.flush().get(30, TimeUnit.SECONDS);

        assertThat(full.texts()).isEqualTo(sent);
        assertThat(recorder.texts()).containsExactly("unharmed");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aFullWindowRefusesFramesUntilThereIsRoomAgain(Transport transport) throws Exception {
        try (Channels small = new Channels(config().withWindow(1 << 20, 10))) {
            Recorder received = new Recorder();
            received.open = false;
            Tx tx =
                    small.dial(
                            small.serve(TestTransports.any(transport), Admission.open(), received)
                                    .address(),
                            Secret.NONE,
                            ending);
            for (int i = 0; i < 10; i++) {
                assertThat(tx.offer(Frames.number(i))).isTrue();
            }
            assertThat(tx.offer(Frames.number(10))).isFalse();
            assertThat(tx.offer(Frames.number(10), 1000)).isFalse();
            assertThat(ending.roomAgain.get()).isZero();

            received.open = true;
            Awaitility.await().until(() -> ending.roomAgain.get() > 0);
            assertThat(tx.offer(Frames.number(10), TimeUnit.SECONDS.toNanos(30))).isTrue();
            tx.flush().get(30, TimeUnit.SECONDS);

            assertThat(received.frames()).hasSize(11);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aReceiverThatThrowsRejectsItsLinkAndLeavesOneFrameInDoubt(Transport transport)
            throws Exception {
        FrameReceiver faulty =
                (from, buffer, offset, length) -> {
                    if (buffer[offset] == 'x') {
                        throw new IllegalStateException("planned");
                    }
                    return recorder.received(from, buffer, offset, length);
                };
        // The link is held back until all is offered, so that all of it is written at once.
        recorder.open = false;
        Tx tx =
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), faulty)
                                .address(),
                        Secret.NONE,
                        ending);
        for (String text : List.of("a", "b", "x", "c", "d")) {
            tx.offer(Frames.text(text));
        }
        recorder.open = true;

        assertThat(ending.reason())
                .isInstanceOfSatisfying(
                        CloseReason.Rejected.class,
                        r -> assertThat(r.code()).isEqualTo(RejectCode.RECEIVER_FAILED));
        assertThat(ending.frames())
                .containsExactly(
                        new Ending.Frame("x", true),
                        new Ending.Frame("c", false),
                        new Ending.Frame("d", false));
        assertThat(recorder.texts()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNIX", "TCP", "TLS"})
    void whatAReceiverHasCollectedAndCannotHandOnIsInDoubt(Transport transport) throws Exception {
        recorder.onBatchEnd =
                () -> {
                    if (recorder.count() > 0) {
                        throw new IllegalStateException("planned");
                    }
                };
        recorder.open = false;
        Tx tx =
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), recorder)
                                .address(),
                        Secret.NONE,
                        ending);
        for (String text : List.of("a", "b", "c")) {
            tx.offer(Frames.text(text));
        }
        recorder.open = true;

        assertThat(ending.reason()).isInstanceOf(CloseReason.SessionLost.class);
        assertThat(ending.frames()).hasSize(3).startsWith(new Ending.Frame("a", true));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void twoThatAnswerEachOtherDoNotBlock(Transport transport) throws Exception {
        AtomicReference<Tx> toA = new AtomicReference<>();
        AtomicReference<Tx> toB = new AtomicReference<>();
        Recorder done = new Recorder();
        FrameReceiver a =
                (from, buffer, offset, length) -> {
                    long n = ByteBuffer.wrap(buffer, offset, length).getLong();
                    return n == 0
                            ? done.received(from, buffer, offset, length)
                            : toB.get().offer(Frames.number(n - 1));
                };
        FrameReceiver b =
                (from, buffer, offset, length) -> {
                    long n = ByteBuffer.wrap(buffer, offset, length).getLong();
                    return n == 0
                            ? done.received(from, buffer, offset, length)
                            : toA.get().offer(Frames.number(n - 1));
                };
        toA.set(
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), a)
                                .address(),
                        Secret.NONE,
                        new Ending()));
        toB.set(
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), b)
                                .address(),
                        Secret.NONE,
                        new Ending()));

        Thread one = Thread.ofPlatform().start(() -> toA.get().offer(Frames.number(10_000)));
        Thread two = Thread.ofPlatform().start(() -> toB.get().offer(Frames.number(10_000)));
        one.join();
        two.join();

        done.awaitCount(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aUsedAddressIsRefusedAndFreeAfterClose(Transport transport) {
        ChannelServer server = serve(transport);
        assertThatThrownBy(() -> channels.serve(server.address(), Admission.open(), recorder))
                .isInstanceOfSatisfying(
                        ChannelException.AddressInUse.class,
                        e -> assertThat(e.address()).isEqualTo(server.address()));
        server.close();
        server.close();

        ChannelServer second = channels.serve(server.address(), Admission.open(), recorder);
        Tx tx = channels.dial(second.address(), Secret.NONE, ending);
        tx.offer(Frames.text("hello"));

        recorder.awaitCount(1);
        assertThat(second.address()).isEqualTo(server.address());
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aPortIsFreeWhenCloseReturns(Transport transport) {
        for (int i = 0; i < 200; i++) {
            ChannelServer server = serve(transport);
            server.close();
            channels.serve(server.address(), Admission.open(), recorder).close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void anInterruptedThreadStillSends(Transport transport) throws Exception {
        Tx tx = channels.dial(serve(transport).address(), Secret.NONE, ending);
        tx.offer(Frames.text("connect"));
        tx.flush().get(30, TimeUnit.SECONDS);
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            for (int i = 0; i < 100; i++) {
                                tx.offer(Frames.number(i));
                            }
                        });
        thread.join();
        tx.flush().get(30, TimeUnit.SECONDS);

        assertThat(recorder.count()).isEqualTo(101);
        assertThat(tx.closed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void closingChannelsEndsAllAndIsFinal(Transport transport) {
        closePatiently();
        ChannelServer server = serve(transport);
        Tx tx = channels.dial(server.address(), Secret.NONE, ending);
        tx.offer(Frames.text("last"));

        channels.close();

        assertThat(ending.reason()).isNotNull();
        assertThat(recorder.texts()).containsExactly("last");
        assertThatThrownBy(() -> channels.dial(server.address(), Secret.NONE, new Ending()))
                .isInstanceOf(ChannelException.Closed.class);
        assertThatThrownBy(() ->
                        channels.serve(TestTransports.any(transport), Admission.open(), recorder))
                .isInstanceOf(ChannelException.Closed.class);
        channels.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void flushFailsWhenTheLinkEndsFirst(Transport transport) {
        Recorder full = new Recorder();
        full.open = false;
        try (Channels hasty = new Channels(config().withCloseWait(Duration.ofMillis(50)))) {
            Tx tx =
                    hasty.dial(
                            hasty.serve(TestTransports.any(transport), Admission.open(), full)
                                    .address(),
                            Secret.NONE,
                            ending);
            tx.offer(Frames.text("stuck"));
            var flushed = tx.flush();
            tx.close();

            assertThat(flushed)
                    .failsWithin(Recorder.PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(ChannelException.Closed.class);
            assertThat(ending.reason()).isEqualTo(new CloseReason.ClosedHere());
            assertThat(ending.frames()).extracting(Ending.Frame::text).containsExactly("stuck");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aReceiverThatRefusesAndResumesAtOnceDoesNotStarveOthers(Transport transport)
            throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        FrameReceiver confused =
                (from, buffer, offset, length) -> {
                    refusals.incrementAndGet();
                    from.resume();
                    return false;
                };
        Tx stuck =
                channels.dial(
                        channels.serve(TestTransports.any(transport), Admission.open(), confused)
                                .address(),
                        Secret.NONE,
                        new Ending());
        stuck.offer(Frames.text("never"));
        Awaitility.await().until(() -> refusals.get() > 10_000);

        Tx other =
                channels.dial(
                        channels.serve(
                                        ChannelAddress.any(Transport.UNIX),
                                        Admission.open(),
                                        recorder)
                                .address(),
                        Secret.NONE,
                        ending);
        other.offer(Frames.text("served"));
        other.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("served");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aThreadThatWaitsForRoomIsEndedByAnInterrupt(Transport transport) throws Exception {
        try (Channels small =
                new Channels(
                        config().withWindow(1 << 20, 1).withCloseWait(Duration.ofMillis(50)))) {
            Recorder full = new Recorder();
            full.open = false;
            Tx tx =
                    small.dial(
                            small.serve(TestTransports.any(transport), Admission.open(), full)
                                    .address(),
                            Secret.NONE,
                            ending);
            assertThat(tx.offer(Frames.text("one"))).isTrue();
            AtomicReference<String> outcome = new AtomicReference<>();
            Thread waiting =
                    Thread.ofPlatform()
                            .start(() -> {
                                boolean taken =
                                        tx.offer(Frames.text("two"), TimeUnit.SECONDS.toNanos(60));
                                outcome.set(taken + " " + Thread.currentThread().isInterrupted());
                            });
            Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            waiting.join();
            assertThat(outcome.get()).isEqualTo("false true");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX", "TCP", "TLS"})
    void aThreadThatWaitsForRoomLearnsThatTheLinkHasEnded(Transport transport) throws Exception {
        try (Channels small =
                new Channels(
                        config().withWindow(1 << 20, 1).withCloseWait(Duration.ofMillis(50)))) {
            Recorder full = new Recorder();
            full.open = false;
            Tx tx =
                    small.dial(
                            small.serve(TestTransports.any(transport), Admission.open(), full)
                                    .address(),
                            Secret.NONE,
                            ending);
            assertThat(tx.offer(Frames.text("one"))).isTrue();
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            Thread waiting =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    tx.offer(Frames.text("two"), TimeUnit.SECONDS.toNanos(60));
                                } catch (ChannelException.Closed e) {
                                    outcome.set(e);
                                }
                            });
            Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            tx.close();
            waiting.join();
            assertThat(outcome.get()).isNotNull();
        }
    }
}
