package io.hyperactor.channel;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the links and servers of one [Channels] share.
interface ChannelContext {
    ChannelConfig config();

    EventLoop loop();

    BytePool pool();

    /// What the links hold together of what they send.
    LinkBytes memory();

    /// What the links hold together of what arrives.
    ArrivingBytes arriving();

    ChannelCounts counts();

    /// Nanoseconds of a clock that only goes forward.
    LongSupplier clock();

    /// For pauses and numbers that need not be secret.
    RandomGenerator random();

    /// For what must not be guessed.
    RandomGenerator secrets();

    /// The life of this process, as peers know it: random, and not 0.
    long incarnation();

    /// How long closing may take before nobody waits for it any more: longer than all its own time
    /// limits.
    default long patience() {
        return 2 * config().closeWait().toNanos();
    }

    /// Counts an event and passes it on; never throws.
    void report(ChannelEvent event);

    /// This link has ended.
    void forget(Tx link);

    /// This server is closed.
    void forget(ChannelServer server);
}
