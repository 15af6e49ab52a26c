package io.hyperactor;

import io.hyperactor.channel.LineLimit;
import io.hyperactor.wire.ChannelAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What this process counted of messages that did not simply arrive. Monotonic, since the process
/// started; cheap to read from any thread.
public final class Counters {
    private static final Logger LOG = LoggerFactory.getLogger("io.hyperactor.delivery");

    private static final LongAdder RETURNED = new LongAdder();
    private static final LongAdder ABANDONED = new LongAdder();
    private static final LongAdder MALFORMED = new LongAdder();
    private static final LongAdder IGNORED = new LongAdder();
    private static final LongAdder FORBIDDEN = new LongAdder();
    private static final LongAdder STRANGERS = new LongAdder();
    private static final LongAdder TOO_LARGE = new LongAdder();

    private static final LineLimit LINES = new LineLimit();

    private static final Map<DeliveryFailure.Reason, LongAdder> UNDELIVERED =
            new EnumMap<>(DeliveryFailure.Reason.class);

    static {
        for (DeliveryFailure.Reason reason : DeliveryFailure.Reason.values()) {
            UNDELIVERED.put(reason, new LongAdder());
        }
    }

    private Counters() {}

    /// Messages that this process found out could not be delivered, for that reason.
    public static long undelivered(DeliveryFailure.Reason reason) {
        return adder(reason).sum();
    }

    static void undelivered(DeliveryFailure failure) {
        adder(failure.reason()).increment();
    }

    static void undelivered(DeliveryFailure.Reason reason, long messages) {
        adder(reason).add(messages);
    }

    private static LongAdder adder(DeliveryFailure.Reason reason) {
        return Objects.requireNonNull(UNDELIVERED.get(reason));
    }

    /// Messages that were sent back to a sender in another proc.
    public static long returned() {
        return RETURNED.sum();
    }

    static void countReturned() {
        RETURNED.increment();
    }

    /// Messages that could not even be returned: the end of their sender, or of the way to it, or a
    /// listener that is behind.
    public static long abandoned() {
        return ABANDONED.sum();
    }

    /// Frames that were not envelopes and were dropped.
    public static long malformed() {
        return MALFORMED.sum();
    }

    /// Returned messages that their sender had no use for: clients without a listener.
    public static long ignored() {
        return IGNORED.sum();
    }

    /// Connections that were refused because who dialled did not show what the server asks for.
    public static long strangers() {
        return STRANGERS.sum();
    }

    /// Messages that were refused because who sent them may not send that, or not in that name.
    public static long forbidden() {
        return FORBIDDEN.sum();
    }

    /// Messages that came back for they were over the limit of a frame, this process's or that of
    /// the one at the other end of a link.
    public static long tooLarge() {
        return TOO_LARGE.sum();
    }

    /// How often that has happened.
    public static long count(BoundCounter what) {
        return what.sum();
    }

    static void countTooLarge() {
        TOO_LARGE.increment(); // its sender hears of each, so there is nothing to log
    }

    static void forbidden(Envelope envelope, Object from) {
        FORBIDDEN.increment();
        log("refused {}: it came from {}", envelope, from);
    }

    static void stranger(ChannelAddress server) {
        STRANGERS.increment();
        log("refused a connection to {}: {}", server, "it has not shown the secret");
    }

    static void abandoned(Envelope envelope, DeliveryFailure failure) {
        ABANDONED.increment();
        log("message abandoned: {}: {}", envelope, failure);
    }

    static void abandoned(Undeliverable undeliverable) {
        abandoned(undeliverable, "its sender has ended");
    }

    static void abandoned(Undeliverable undeliverable, String why) {
        ABANDONED.add(undeliverable.count());
        log("message abandoned: {}: {}", undeliverable, why);
    }

    /// Somebody was not told, for that threw `why`.
    static void abandoned(String what, Throwable why) {
        ABANDONED.increment();
        try {
            log("{}: {}", what, Texts.describe(why));
        } catch (OutOfMemoryError e) {
            // it is counted, and others are to be told
        }
    }

    static void malformed(String what, RuntimeException why) {
        MALFORMED.increment();
        log("dropped {}: {}", what, Texts.describe(why));
    }

    /// There is one too many of something.
    ///
    /// @param format what, and where `{}` stands, of whom
    static void beyond(BoundCounter what, String format, Object whom) {
        what.add(1);
        log(format, whom, "");
    }

    static void ignored(Undeliverable undeliverable) {
        IGNORED.increment();
        log("{}{}", undeliverable, "");
    }

    /// At most one line a second of each kind, which the format tells; the counters are complete.
    private static void log(String format, Object a, Object b) {
        String more = LINES.ask(format, System.nanoTime());
        if (more != null) {
            LOG.warn(format + more, a, b);
        }
    }
}
