package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

@Timeout(60)
final class LocalTest {
    private final Channels channels = new Channels(ChannelConfig.standard());
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();

    @AfterEach
    void stop() {
        channels.close();
    }

    private static ChannelAddress local(long number) {
        return new ChannelAddress.Local(number);
    }

    @Test
    void numbersArePickedAndNeverZeroNorUsed() {
        channels.serve(local(1), Admission.open(), recorder);
        channels.serve(local(2), Admission.open(), recorder);
        ChannelAddress first = channels.serve(local(0), Admission.open(), recorder).address();
        ChannelAddress second = channels.serve(local(0), Admission.open(), recorder).address();
        assertThat(List.of(first, second))
                .doesNotHaveDuplicates()
                .doesNotContain(local(0), local(1), local(2));
    }

    @Test
    void aNumberNotServedCannotBeDialled() {
        assertThatThrownBy(() -> channels.dial(local(9), Secret.NONE, ending))
                .isInstanceOfSatisfying(
                        ChannelException.DialFailed.class,
                        e -> assertThat(e.address()).isEqualTo(local(9)));
        ChannelServer server = channels.serve(local(9), Admission.open(), recorder);
        assertThat(channels.dial(local(9), Secret.NONE, ending).offer(Frames.text("hello")))
                .isTrue();
        server.close();
        assertThatThrownBy(() -> channels.dial(local(9), Secret.NONE, ending))
                .isInstanceOf(ChannelException.DialFailed.class);
    }

    @Test
    void aFrameArrivesBeforeItsOfferReturnsAndOnItsThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        channels.serve(
                local(9),
                Admission.open(),
                (from, buffer, offset, length) -> {
                    thread.set(Thread.currentThread());
                    return true;
                });
        channels.dial(local(9), Secret.NONE, ending).offer(Frames.text("hello"));
        assertThat(thread.get()).isEqualTo(Thread.currentThread());
    }

    @Test
    void whatIsTakenIsNotHeld() {
        channels.serve(local(9), Admission.open(), recorder);
        assertThat(
                        channels.dial(local(9), Secret.NONE, ending)
                                .offer(Frames.bytes(new byte[300_000])))
                .isTrue();
        assertThat(channels.heldBytes()).isZero();
    }

    @Test
    void aBatchThatAReceiverBreaksOffHasAnEnd() {
        AtomicReference<Tx> link = new AtomicReference<>();
        AtomicInteger ends = new AtomicInteger();
        channels.serve(
                local(9),
                Admission.open(),
                new FrameReceiver() {
                    private int received;

                    @Override
                    public boolean received(Inbound from, byte[] buffer, int offset, int length) {
                        if (received++ > 0) {
                            throw new IllegalStateException("on purpose");
                        }
                        CompletableFuture.runAsync(() -> link.get().offer(Frames.text("second")))
                                .join(); // the same go takes it
                        return true;
                    }

                    @Override
                    public void batchEnd() {
                        ends.incrementAndGet();
                    }
                });
        link.set(channels.dial(local(9), Secret.NONE, ending));
        link.get().offer(Frames.text("first"));
        assertThat(ending.reason()).isInstanceOf(CloseReason.Rejected.class);
        assertThat(ends).hasValue(1);
    }

    @Test
    void whatAPausedServerNeverTookIsNotDelivered() {
        recorder.open = false;
        ChannelServer server = channels.serve(local(9), Admission.open(), recorder);
        Tx tx = channels.dial(local(9), Secret.NONE, ending);
        tx.offer(Frames.text("a"));
        tx.offer(Frames.text("b"));
        server.close();
        assertThatThrownBy(() -> tx.offer(Frames.text("c")))
                .isInstanceOf(ChannelException.Closed.class);
        assertThat(ending.reason()).isEqualTo(new CloseReason.PeerClosed());
        assertThat(ending.frames())
                .containsExactly(new Ending.Frame("a", false), new Ending.Frame("b", false));
    }

    @Test
    void aReceiverMayOfferToTheLinkThatItIsCalledBy() {
        AtomicReference<Tx> self = new AtomicReference<>();
        channels.serve(
                local(9),
                Admission.open(),
                (from, buffer, offset, length) -> {
                    recorder.received(from, buffer, offset, length);
                    if (recorder.count() < 1000) {
                        self.get().offer(Frames.text("frame " + recorder.count()));
                    }
                    return true;
                });
        self.set(channels.dial(local(9), Secret.NONE, ending));
        self.get().offer(Frames.text("frame 0"));
        recorder.awaitCount(1000);
        assertThat(recorder.texts().getLast()).isEqualTo("frame 999");
    }

    @Test
    void aReceiverMayCloseTheLinkThatItIsCalledBy() {
        AtomicReference<Tx> self = new AtomicReference<>();
        channels.serve(
                local(9),
                Admission.open(),
                (from, buffer, offset, length) -> {
                    self.get().close();
                    return true;
                });
        self.set(channels.dial(local(9), Secret.NONE, ending));
        self.get().offer(Frames.text("last"));
        assertThat(ending.reason()).isEqualTo(new CloseReason.ClosedHere());
        assertThat(ending.frames()).isEmpty();
    }

    @Test
    void aBodyMustNotOfferToItsOwnLink() {
        channels.serve(local(9), Admission.open(), recorder);
        Tx tx = channels.dial(local(9), Secret.NONE, ending);
        assertThatThrownBy(() -> tx.offer(out -> tx.offer(Frames.text("inner"))))
                .isInstanceOf(IllegalStateException.class);
        tx.offer(Frames.text("outer"));
        assertThat(recorder.texts()).containsExactly("outer");
    }

    @Test
    void aThreadThatFindsTheLinkBusyLeavesItsFrameToTheOther() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        channels.serve(
                local(9),
                Admission.open(),
                (from, buffer, offset, length) -> {
                    entered.countDown();
                    boolean _ = awaited(leave);
                    return recorder.received(from, buffer, offset, length);
                });
        Tx tx = channels.dial(local(9), Secret.NONE, ending);
        Thread first = Thread.ofPlatform().start(() -> tx.offer(Frames.text("first")));
        entered.await();
        assertThat(tx.offer(Frames.text("second"))).isTrue(); // and does not wait
        assertThat(recorder.count()).isZero();
        leave.countDown();
        first.join();
        assertThat(recorder.texts()).containsExactly("first", "second");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
