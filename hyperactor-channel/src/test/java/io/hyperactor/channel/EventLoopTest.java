package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(60)
class EventLoopTest {
    private static final int TIMES = 20;

    private static EventLoop loop() {
        return new EventLoop(
                SelectorProvider.provider(), Thread::new, System::nanoTime, _ -> {}, () -> true);
    }

    @Test
    void whatIsAskedForJustBeforeItSleepsIsDone() throws Exception {
        var loop = loop();
        var done = new CountDownLatch(1);
        loop.start();
        loop.execute(() -> loop.postpone(() -> loop.atEndOfBatch(done::countDown)));
        done.await();
        loop.stop();
        loop.join(30_000);
    }

    @Test
    void aLoopIsTurnedByHand() throws Exception {
        var now = new AtomicLong(1000);
        var loop =
                new EventLoop(
                        SelectorProvider.provider(), Thread::new, now::get, _ -> {}, () -> true);
        var done = new ArrayList<String>();
        loop.execute(() -> done.add("inside: " + loop.inside()));
        loop.execute(() -> loop.after(500, () -> done.add("after 500")));
        loop.execute(() -> loop.postpone(() -> done.add("before it sleeps")));
        assertThat(loop.turn()).isZero();
        assertThat(done).containsExactly("inside: true");
        assertThat(loop.inside()).isFalse();
        assertThat(loop.turn()).isEqualTo(500);
        assertThat(done).containsExactly("inside: true", "before it sleeps");
        now.addAndGet(500);
        assertThat(loop.turn()).isZero();
        assertThat(done).containsExactly("inside: true", "before it sleeps", "after 500");
        assertThat(loop.turn()).isEqualTo(Long.MAX_VALUE);
        loop.stop();
        assertThat(loop.turn()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoAsksToReadAgainGetsOneTurnAmongOthers() throws Exception {
        var loop = loop();
        var done = new ArrayList<String>();
        var greedy =
                new EventLoop.Handler() {
                    @Override
                    public void ready(int ops) {
                        done.add("read");
                        loop.readLater(this);
                        loop.readLater(this);
                    }

                    @Override
                    public void fail(Throwable fault) {
                        throw new AssertionError(fault);
                    }
                };
        loop.readLater(greedy);
        loop.readLater(greedy);
        loop.execute(() -> loop.after(0, () -> done.add("timer")));
        for (int i = 0; i < 2; i++) {
            assertThat(loop.turn()).isZero();
        }
        assertThat(done).containsExactlyInAnyOrder("read", "timer", "read");
        loop.stop();
        assertThat(loop.turn()).isEqualTo(Long.MAX_VALUE);
    }

    /// What is ready stays so, for nobody can read it.
    @Test
    void aHandlerWithoutMemoryDoesNotBurnAProcessor() throws Exception {
        var loop = loop();
        var calls = new CountDownLatch(TIMES);
        var hungry =
                new EventLoop.Handler() {
                    @Override
                    public void ready(int ops) {
                        calls.countDown();
                        throw new OutOfMemoryError("Java heap space");
                    }

                    @Override
                    public void fail(Throwable fault) {
                        // nor is there any to end it
                    }
                };
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            source.configureBlocking(false);
            loop.register(source, SelectionKey.OP_READ, hungry);
            sink.write(ByteBuffer.allocate(1));
            long start = System.nanoTime();
            loop.start();
            calls.await();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(9).multipliedBy(TIMES - 1));
            loop.stop();
            loop.join(30_000);
        }
    }
}
