package io.hyperactor;

import io.hyperactor.channel.Channels;

import java.time.Duration;

/// How a proc behaves; every bound has a default.
///
/// @param channels the event loop and sockets it uses; not closed by the proc
/// @param mailboxMaxMessages how many messages one actor's mailbox, or one port, holds; over that a
///   send waits, and senders in other procs are asked to hold back: what they have on its way by
///   then is taken by a mailbox all the same, as far as there is room for its bytes; default 65,536
/// @param mailboxMaxBytes how many bytes one actor's mailbox, or one port, holds of messages that
///   came from other procs, as they were on the way; from half of it on a mailbox asks their
///   senders to hold back, and over it a message comes back, but one alone always fits. Less than
///   four times what a link holds ([io.hyperactor.channel.ChannelConfig#windowBytes()]) may be too
///   little for what one sender has on its way when it is asked; default 64 MiB
/// @param mailboxesMaxBytes how many such bytes all mailboxes and ports of the proc hold together,
///   beyond 4 KiB of each; from half of it on mailboxes ask their senders to hold back, and over it
///   a message comes back, but one alone always fits; default a quarter of the heap
/// @param sendWait how long a send waits for room before its message comes back; default 5 s
/// @param flushTimeout how long the end of a proc waits for its outgoing messages to be
///   acknowledged; default 5 s
/// @param stuckAfter how long an actor may take for one message until it is reported as stuck, give
///   or take a second ([Proc#onStuck]); default 10 s
public record ProcConfig(
        Channels channels,
        int mailboxMaxMessages,
        long mailboxMaxBytes,
        long mailboxesMaxBytes,
        Duration sendWait,
        Duration flushTimeout,
        Duration stuckAfter) {
    static final int TTL = 64;

    public ProcConfig {
        if (mailboxMaxMessages < 1) {
            throw new IllegalArgumentException("mailboxMaxMessages " + mailboxMaxMessages + " < 1");
        }
        if (mailboxMaxBytes < 1) {
            throw new IllegalArgumentException("mailboxMaxBytes " + mailboxMaxBytes + " < 1");
        }
        if (mailboxesMaxBytes < 1) {
            throw new IllegalArgumentException("mailboxesMaxBytes " + mailboxesMaxBytes + " < 1");
        }
        if (sendWait.isNegative() || flushTimeout.isNegative()) {
            throw new IllegalArgumentException("negative wait: " + sendWait + ", " + flushTimeout);
        }
        if (!stuckAfter.isPositive()) {
            throw new IllegalArgumentException("stuckAfter is not positive: " + stuckAfter);
        }
    }

    /// The defaults, on the process's shared channels.
    public static ProcConfig defaults() {
        return new ProcConfig(
                Channels.shared(),
                65_536,
                64L << 20,
                Runtime.getRuntime().maxMemory() / 4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    /// The same with another bound for mailboxes.
    public ProcConfig withMailboxMaxMessages(int messages) {
        return new ProcConfig(
                channels,
                messages,
                mailboxMaxBytes,
                mailboxesMaxBytes,
                sendWait,
                flushTimeout,
                stuckAfter);
    }

    /// The same with another bound for the bytes in a mailbox.
    public ProcConfig withMailboxMaxBytes(long bytes) {
        return new ProcConfig(
                channels,
                mailboxMaxMessages,
                bytes,
                mailboxesMaxBytes,
                sendWait,
                flushTimeout,
                stuckAfter);
    }

    /// The same with another bound for the bytes in all mailboxes together.
    public ProcConfig withMailboxesMaxBytes(long bytes) {
        return new ProcConfig(
                channels,
                mailboxMaxMessages,
                mailboxMaxBytes,
                bytes,
                sendWait,
                flushTimeout,
                stuckAfter);
    }

    /// The same with another patience for full queues.
    public ProcConfig withSendWait(Duration wait) {
        return new ProcConfig(
                channels,
                mailboxMaxMessages,
                mailboxMaxBytes,
                mailboxesMaxBytes,
                wait,
                flushTimeout,
                stuckAfter);
    }

    /// The same with another patience for messages that go out when the proc ends.
    public ProcConfig withFlushTimeout(Duration timeout) {
        return new ProcConfig(
                channels,
                mailboxMaxMessages,
                mailboxMaxBytes,
                mailboxesMaxBytes,
                sendWait,
                timeout,
                stuckAfter);
    }

    /// The same with another time after which an actor is reported as stuck.
    public ProcConfig withStuckAfter(Duration time) {
        return new ProcConfig(
                channels,
                mailboxMaxMessages,
                mailboxMaxBytes,
                mailboxesMaxBytes,
                sendWait,
                flushTimeout,
                time);
    }

    /// The same on other channels.
    public ProcConfig withChannels(Channels other) {
        return new ProcConfig(
                other,
                mailboxMaxMessages,
                mailboxMaxBytes,
                mailboxesMaxBytes,
                sendWait,
                flushTimeout,
                stuckAfter);
    }
}
