package io.hyperactor.channel;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the links and servers of one [Channels] share.
interface ChannelContext {
    ChannelConfig config();

    EventLoop loop();

    BytePool pool();

    /// Nanoseconds of a clock that only goes forward.
    LongSupplier clock();

    RandomGenerator random();

    /// How long closing may take before nobody waits for it any more: longer than all its own time
    /// limits.
    default long patience() {
        return 2 * config().closeWait().toNanos();
    }

    /// Passes an event on; never throws.
    void report(ChannelEvent event);

    /// This link has ended.
    void forget(Tx link);

    /// This server is closed.
    void forget(ChannelServer server);
}
