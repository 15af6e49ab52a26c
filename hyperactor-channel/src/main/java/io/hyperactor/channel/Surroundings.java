package io.hyperactor.channel;

import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What a [Channels] has from outside: time, chance, sockets and a thread.
///
/// @param clock nanoseconds; only goes forward
/// @param random for pauses and numbers that need not be secret
/// @param secrets for what must not be guessed
/// @param sockets makes the sockets of networks, and the selector for them
/// @param threads makes the event loop's
record Surroundings(
        LongSupplier clock,
        RandomGenerator random,
        RandomGenerator secrets,
        SelectorProvider sockets,
        ThreadFactory threads) {}
