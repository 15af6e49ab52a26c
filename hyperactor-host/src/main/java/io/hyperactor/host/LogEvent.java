package io.hyperactor.host;

import io.hyperactor.Protocols;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.slf4j.event.Level;

import java.time.Instant;
import java.util.Map;

/// One event that a child logged. Its host puts the name of the proc to it.
///
/// @param dropped how many events before this one the child had to drop, since the last that said
///   so; first, so that a host that drops this one too finds it without reading the rest
/// @param time by the child's clock
/// @param text the message, formatted
/// @param failure the stack trace of its throwable, empty without
record LogEvent(
        long dropped,
        Instant time,
        Level level,
        String logger,
        String thread,
        String text,
        Map<String, String> keyValues,
        String failure)
        implements ChildMessage {
    private static final int TAG = 1;

    private static final class Type { // not before the first event: a child is to start quickly
        static final MessageType<LogEvent> OF = Protocols.of(LogEvent.class);
    }

    /// Checked by the host once more, which trusts nobody.
    LogRecord record(Instant at, String proc, long pid) {
        return new LogRecord(
                at,
                proc,
                pid,
                LogRecord.Source.EVENT,
                level,
                logger,
                thread,
                text,
                keyValues,
                failure);
    }

    LogEvent withDropped(long count) {
        return new LogEvent(count, time, level, logger, thread, text, keyValues, failure);
    }

    /// How many events are lost with one that is not read.
    ///
    /// @throws io.hyperactor.wire.WireFormatException if it is none
    static long lostWith(WireReader in) {
        int tag = in.readVarint();
        if (tag != TAG) {
            throw in.malformed("tag " + tag + " is no event's");
        }
        return 1L + Math.clamp(in.readLong(), 0, Integer.MAX_VALUE);
    }

    @Override
    public void writeTo(WireWriter out) {
        out.writeVarint(TAG);
        Type.OF.write(out, this);
    }
}
