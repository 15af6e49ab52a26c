package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class EventLoopTest {
    private static final int TIMES = 20;

    /// What is ready stays so, for nobody can read it.
    @Test
    void aHandlerWithoutMemoryDoesNotBurnAProcessor() throws Exception {
        var loop = new EventLoop(Thread::new, System::nanoTime, _ -> {}, () -> true);
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
