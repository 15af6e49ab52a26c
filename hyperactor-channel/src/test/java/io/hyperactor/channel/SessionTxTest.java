package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// A link that something unforeseen happens to at its end.
@Timeout(60)
final class SessionTxTest {
    @TempDir Path directory;

    /// Carries nothing, and fails to let go of what would.
    private static final class Clinging extends SessionTx {
        Clinging(TxListener listener, ChannelContext context) {
            super(new ChannelAddress.Local(1), listener, context);
        }

        @Override
        void acquired() {
            loop.handOver(this);
        }

        @Override
        public void run() {
            loopOwns = true;
            finish();
        }

        @Override
        void hurry() {}

        @Override
        void progressed() {}

        @Override
        void endHere() {
            end(new CloseReason.ClosedHere());
        }

        @Override
        void disconnect() {
            throw new IllegalStateException("planned");
        }
    }

    @Test
    void whateverFailsAtTheEndEachFrameHasAnOutcome() {
        Events events = new Events();
        Ending ending = new Ending();
        try (Channels channels =
                new Channels(
                        ChannelConfig.standard()
                                .withRuntimeDirectory(directory.resolve("run"))
                                .withEvents(events))) {
            var tx = new Clinging(ending, channels.context());
            assertThat(tx.offer(Frames.text("a"))).isTrue();
            CompletableFuture<Void> flushed = tx.flush();
            boolean _ = tx.loop.execute(tx::abandon);
            assertThat(ending.frames()).containsExactly(new Ending.Frame("a", false));
            assertThat(flushed).failsWithin(Recorder.PATIENCE);
            tx.close();
            assertThat(channels.heldBytes()).isZero();
            assertThat(events.await(ChannelEvent.Fault.class).cause()).hasMessage("planned");
        }
    }
}
