package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.Peer;
import io.hyperactor.host.OutputListener.Stream;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// What comes over the links of children, and how they print, without any.
class ProcLogsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final LogPolicy POLICY = LogPolicy.defaults().withBytesPerSecond(65_536);

    private final LogBook book = new LogBook(POLICY);
    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final ProcLogs logs =
            new ProcLogs(book, InstantSource.fixed(NOW), nanos::get, terminal, terminal);
    private final Inbound link = new Link("session");

    /// Nobody's.
    private record Link(Object session) implements Inbound {
        @Override
        public void resume() {}

        @Override
        public ChannelAddress localAddress() {
            return new ChannelAddress.Local(1);
        }

        @Override
        public Peer peer() {
            return new Peer.Guest();
        }

        @Override
        public long incarnation() {
            return 1;
        }
    }

    private static LogEvent event(Instant time, String text, long dropped) {
        return new LogEvent(dropped, time, Level.INFO, "a.B", "main", text, Map.of(), "");
    }

    private void send(ChildMessage message) {
        send(link, message);
    }

    private void send(Inbound by, ChildMessage message) {
        WireWriter out = new WireWriter(64);
        message.writeTo(out);
        logs.event(by, out.array(), 0, out.position());
    }

    private List<LogRecord> records() {
        logs.close(); // so that all is written
        return book.find(new LogQuery(Set.of(), Optional.empty(), 100));
    }

    @Test
    void withoutACallbackNothingIsTaken() {
        assertThat(logs.isBound(link)).isFalse();
        send(event(NOW, "t", 0));

        assertThat(logs.refusedEvents()).isEqualTo(1);
        assertThat(records()).isEmpty();
    }

    @Test
    void aSessionThatGoesOnWithAnotherConnectionIsStillThatOfItsProc() {
        logs.bind(link, "p", () -> 7);
        send(new Link(link.session()), event(NOW, "resumed", 0));
        send(new Link("another session"), event(NOW, "a stranger's", 0));

        assertThat(logs.refusedEvents()).isEqualTo(1);
        assertThat(records()).extracting(LogRecord::text).containsExactly("resumed");
    }

    @Test
    void whatIsNoEventIsRefusedAndTheNextOneIsTaken() {
        logs.bind(link, "p", () -> 7);
        logs.event(link, new byte[] {9, 9, 9}, 0, 3);
        send(event(NOW, "x".repeat(ChildMessage.MAX_BYTES), 0)); // well made, but too long
        ProcId proc = ProcId.parse("unix:/a,other");
        send(new Callback(proc, proc.address(), proc.actor("agent", 0), 1, 3));
        send(event(NOW, "t", 0));

        assertThat(logs.refusedEvents()).isEqualTo(3);
        assertThat(records())
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.proc()).isEqualTo("p");
                    assertThat(record.pid()).isEqualTo(7);
                    assertThat(record.text()).isEqualTo("t");
                });
    }

    @Test
    void aTimeThatIsFarOffIsTheHostsOwn() {
        logs.bind(link, "p", () -> 7);
        send(event(NOW.minusSeconds(5), "late", 0));
        send(event(Instant.MAX, "never", 0));
        send(event(Instant.EPOCH, "long ago", 0));

        assertThat(records())
                .extracting(LogRecord::time)
                .containsExactly(NOW.minusSeconds(5), NOW, NOW);
    }

    @Test
    void whatIsOverTheRateIsDroppedAndCountedWithWhatTheChildDropped() {
        logs.bind(link, "p", () -> 7);
        send(event(NOW, "x".repeat(30_000), 0));
        send(event(NOW, "y".repeat(30_000), 2));
        send(event(NOW, "z".repeat(30_000), 3)); // over the rate, and so is what it says
        nanos.addAndGet(1_000_000_000);
        send(event(NOW, "after", 0));

        assertThat(logs.droppedEvents()).isEqualTo(2 + 3 + 1);
        assertThat(records())
                .extracting(record -> record.source() + " " + record.text().substring(0, 5))
                .containsExactly(
                        "event xxxxx", "host 2 log", "event yyyyy", "host 4 log", "event after");
    }

    @Test
    void whatIsDroppedOfTheOutputIsTheHostsWordNotTheProcs() {
        logs.line(NOW, "p", 7, Stream.STDOUT, "5 bytes of standard output dropped");
        logs.dropped(NOW, "p", 7, Stream.STDOUT, 5);

        assertThat(records())
                .extracting(LogRecord::source)
                .containsExactly(LogRecord.Source.STDOUT, LogRecord.Source.HOST);
    }

    @Test
    void bytesArePassedThroughAsTheyAreIfThePolicySaysSo() {
        assertThat(logs.terms("p")).isEqualTo(new OutputListener.Terms(65_536, false));
        book.begin("p", POLICY.withPassThrough(true));
        assertThat(logs.terms("p").raw()).isTrue();

        logs.bytes(Stream.STDERR, "\u001b[1mbold".getBytes(StandardCharsets.UTF_8));

        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[1mbold");
    }
}
