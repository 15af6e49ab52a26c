package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.FrameBody;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

class LogLinkTest {
    private static final String TEXT = "x".repeat(10_000);

    private final Channel channel = new Channel();
    private final LogLink link = new LogLink();

    /// Takes everything, and acknowledges it when told to.
    private static final class Channel implements Tx {
        private final List<LogEvent> sent = new ArrayList<>();
        private final List<CompletableFuture<Void>> flushes = new ArrayList<>();
        private long bytes;
        private boolean closed;

        @Override
        public boolean offer(FrameBody body) {
            WireWriter out = new WireWriter(64);
            body.writeTo(out);
            bytes += out.position();
            sent.add((LogEvent) ChildMessage.type().readFully(new WireReader(out.toByteArray())));
            return true;
        }

        @Override
        public boolean passOn(FrameBody body) {
            throw new UnsupportedOperationException("nothing has come over another link");
        }

        @Override
        public boolean isCrowded() {
            return false;
        }

        @Override
        public boolean isRoomy() {
            return true;
        }

        @Override
        public boolean isAnswered() {
            return true;
        }

        @Override
        public long incarnation() {
            return 1;
        }

        @Override
        public boolean isIdle() {
            return sent.isEmpty();
        }

        @Override
        public CompletableFuture<Void> flush() {
            CompletableFuture<Void> flush = new CompletableFuture<>();
            flushes.add(flush);
            return flush;
        }

        @Override
        public boolean offer(FrameBody body, long waitNanos) {
            return offer(body);
        }

        @Override
        public ChannelAddress address() {
            return new ChannelAddress.Local(1);
        }

        @Override
        public Optional<CloseReason> closed() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void abort() {
            closed = true;
        }
    }

    private static LogEvent event(Level level) {
        return new LogEvent(0, Instant.EPOCH, level, "a.B", "main", TEXT, Map.of(), "");
    }

    private boolean send(Level level) {
        return link.send(event(level));
    }

    @Test
    void withoutAChannelEventsAreForSomebodyElse() {
        assertThat(link.isUp()).isFalse();
        assertThat(send(Level.WARN)).isFalse();

        link.open(channel);
        assertThat(link.isUp()).isTrue();
        assertThat(send(Level.WARN)).isTrue();

        link.ended(new CloseReason.ClosedHere(), _ -> {});
        assertThat(send(Level.WARN)).isFalse();
        assertThat(link.isUp()).isFalse();
        assertThat(channel.sent).hasSize(1);
    }

    @Test
    void aHostThatAcknowledgesNothingGetsNoMoreThanSoMuch() {
        link.open(channel);
        for (int i = 0; i < 1000; i++) {
            assertThat(send(Level.WARN)).isTrue(); // also what is dropped is done with
        }

        assertThat(channel.bytes)
                .isBetween(
                        (long) LogLink.ON_THE_WAY_MAX_BYTES,
                        2L * LogLink.ON_THE_WAY_MAX_BYTES + 2 * TEXT.length());
        assertThat(send(Level.ERROR)).as("is for somebody else").isFalse();
    }

    @Test
    void whatWasDroppedIsSaidByTheNextEvent() {
        link.open(channel);
        for (int i = 0; i < 1000; i++) {
            assertThat(send(Level.WARN)).isTrue();
        }
        int arrived = channel.sent.size();

        channel.flushes.forEach(flush -> flush.complete(null));
        assertThat(send(Level.WARN)).isTrue();
        assertThat(send(Level.WARN)).isTrue();

        assertThat(channel.sent.get(arrived).dropped()).isEqualTo(1000 - arrived);
        assertThat(channel.sent.get(arrived + 1).dropped()).isZero();
    }

    @Test
    void theLastWordSaysWhatWasDroppedIfThereIsRoom() {
        link.open(channel);
        for (int i = 0; i < 1000; i++) {
            assertThat(send(Level.WARN)).isTrue();
        }
        int arrived = channel.sent.size();
        channel.flushes.forEach(flush -> flush.complete(null));

        link.flush(Duration.ZERO);

        assertThat(channel.sent).hasSize(arrived + 1);
        assertThat(channel.sent.getLast().dropped()).isEqualTo(1000 - arrived);
        link.close();
        assertThat(channel.closed).isTrue();
        assertThat(send(Level.WARN)).isFalse();
    }
}
