package io.hyperactor.host;

import io.hyperactor.channel.Inbound;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Where a manager puts what its children print and log: into the book, into the log of its own
/// process under the name [#OUTPUT_LOGGER], or as it comes to its own output.
///
/// Whose record it is, is never read from the record: a printed line carries the name of the
/// process that it was read from, an event that of the proc whose callback opened its link.
///
/// **Threads:** those of an [OutputListener]; [#bind] and [#event] one, the event loop's, which
/// they do not hold up.
final class ProcLogs implements OutputListener, AutoCloseable {
    /// Where records go in the log of this process; switch it off there if the book is enough.
    static final String OUTPUT_LOGGER = "io.hyperactor.output";

    private static final Logger OUTPUT = LoggerFactory.getLogger(OUTPUT_LOGGER);
    private static final Logger LOG = LoggerFactory.getLogger(ProcLogs.class);

    /// An event's own time is believed if it is not further from the host's.
    private static final Duration CLOCKS_DIFFER_MAX = Duration.ofMinutes(1);

    /// The other end of a link: a proc.
    private static final class Speaker {
        final String name;
        final LongSupplier pid;
        final RateLimit limit;
        long dropped; // events, since the last record

        Speaker(String name, LongSupplier pid, RateLimit limit) {
            this.name = name;
            this.pid = pid;
            this.limit = limit;
        }
    }

    private final LogBook book;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final OutputStream stdout;
    private final OutputStream stderr;
    private final LogQueue<LogRecord> events = new LogQueue<>("hyperactor-events", this::write);

    /// By session, for connections break and the session goes on. One that is gone takes its entry
    /// along.
    private final Map<Object, Speaker> speakers = new WeakHashMap<>();

    private final LongAdder refusedEvents = new LongAdder();
    private final LongAdder droppedEvents = new LongAdder();
    private final LongAdder droppedBytes = new LongAdder();

    /// @param nanoTime a clock like [System#nanoTime()]
    /// @param stdout where standard output of children goes that are passed through
    /// @param stderr likewise
    ProcLogs(
            LogBook book,
            InstantSource clock,
            LongSupplier nanoTime,
            OutputStream stdout,
            OutputStream stderr) {
        this.book = book;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    // ---- what children print

    @Override
    public Terms terms(String name) {
        LogPolicy policy = book.policy(name);
        return new Terms(policy.bytesPerSecond(), policy.passThrough());
    }

    @Override
    public void line(Instant time, String name, long pid, Stream stream, String line) {
        LogRecord.Source source =
                stream == Stream.STDOUT ? LogRecord.Source.STDOUT : LogRecord.Source.STDERR;
        write(LogRecord.line(time, name, pid, source, line));
    }

    @Override
    public void dropped(Instant time, String name, long pid, Stream stream, long bytes) {
        droppedBytes.add(bytes);
        String where = stream == Stream.STDOUT ? "standard output" : "standard error";
        write(note(time, name, pid, bytes + " bytes of " + where + " dropped"));
    }

    @Override
    public void bytes(Stream stream, byte[] bytes) {
        OutputStream to = stream == Stream.STDOUT ? stdout : stderr;
        try {
            to.write(bytes);
        } catch (IOException e) {
            LOG.debug("nobody reads what is passed through", e);
        }
    }

    // ---- what children log

    /// From now on events that come by this link are those of this proc.
    ///
    /// @param pid of its process, asked for with each event
    void bind(Inbound link, String name, LongSupplier pid) {
        var limit = new RateLimit(book.policy(name).bytesPerSecond(), nanoTime);
        speakers.put(link.session(), new Speaker(name, pid, limit));
    }

    /// Whether a callback came by this link.
    boolean isBound(Inbound link) {
        return speakers.containsKey(link.session());
    }

    /// Takes a frame that came by a bound link. What is no event is refused and counted.
    void event(Inbound link, byte[] buffer, int offset, int length) {
        Speaker speaker = speakers.get(link.session());
        if (speaker == null || length > ChildMessage.MAX_BYTES) {
            refuse("no callback came before it, or it is too long");
            return;
        }
        try {
            WireReader in = new WireReader(buffer, offset, length);
            if (!speaker.limit.spend(length)) {
                drop(speaker, LogEvent.lostWith(in));
                return;
            }
            switch (ChildMessage.type().readFully(in)) {
                case LogEvent event -> event(speaker, event);
                case Callback _ -> refuse("a callback has come already");
            }
        } catch (WireFormatException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private void event(Speaker speaker, LogEvent event) {
        Instant now = clock.instant();
        long pid = speaker.pid.getAsLong();
        drop(speaker, Math.clamp(event.dropped(), 0, Integer.MAX_VALUE));
        if (speaker.dropped > 0) {
            String text = speaker.dropped + " log events dropped";
            if (queue(note(now, speaker.name, pid, text))) {
                speaker.dropped = 0;
            }
        }
        if (!queue(event.record(believed(event.time(), now), speaker.name, pid))) {
            drop(speaker, 1);
        }
    }

    private boolean queue(LogRecord record) {
        return events.offer(record, record.cost());
    }

    private static Instant believed(Instant claimed, Instant now) {
        boolean near =
                claimed.isAfter(now.minus(CLOCKS_DIFFER_MAX))
                        && claimed.isBefore(now.plus(CLOCKS_DIFFER_MAX));
        return near ? claimed : now;
    }

    private void drop(Speaker speaker, long count) {
        speaker.dropped += count;
        droppedEvents.add(count);
    }

    private void refuse(String why) {
        refusedEvents.increment();
        LOG.debug("refused a log event: {}", why);
    }

    /// How many frames were refused: of links without a callback, and those that are no event.
    long refusedEvents() {
        return refusedEvents.sum();
    }

    /// How many events were dropped: by children that had no room for them, and here.
    long droppedEvents() {
        return droppedEvents.sum();
    }

    /// How many bytes of output were dropped: printed faster than the policy or this allows.
    long droppedBytes() {
        return droppedBytes.sum();
    }

    // ---- both

    private static LogRecord note(Instant time, String name, long pid, String text) {
        return LogRecord.line(time, name, pid, LogRecord.Source.HOST, text);
    }

    private void write(LogRecord record) {
        book.add(record);
        if (book.policy(record.proc()).passThrough() && record.source().isPrinted()) {
            return; // it is to be seen already
        }
        if (OUTPUT.isEnabledForLevel(record.level())) {
            OUTPUT.atLevel(record.level())
                    .log("[{} {}] {}", record.proc(), record.pid(), record.message());
        }
    }

    /// Writes what has come, and closes the book.
    @Override
    public void close() {
        events.close();
        book.close();
    }
}
