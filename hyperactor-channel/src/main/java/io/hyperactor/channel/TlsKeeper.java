package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Keeps the [TlsContext] for new connections, and looks now and then whether its files have
/// changed.
///
/// **Threads:** any but the loop's, for it reads files.
final class TlsKeeper {
    static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final TlsIdentity identity;
    private final LongSupplier clock;
    private final Consumer<ChannelEvent> events;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Loaded loaded;

    /// What a look found.
    ///
    /// @param at when
    /// @param trouble why what was found then is not used, or empty
    private record Loaded(TlsContext context, byte[] digest, long at, String trouble) {
        Loaded seenAgain(long now, String why) {
            return new Loaded(context, digest, now, why);
        }
    }

    TlsKeeper(TlsIdentity identity, LongSupplier clock, Consumer<ChannelEvent> events) {
        this.identity = identity;
        this.clock = clock;
        this.events = events;
    }

    /// What a new connection uses.
    ///
    /// @param address that of the connection, for events
    /// @throws IOException if there never was anything that can be used
    TlsContext current(ChannelAddress address) throws IOException {
        long now = clock.getAsLong();
        ChannelEvent news = null;
        Loaded next;
        lock.lock();
        try {
            Loaded known = loaded;
            if (known != null && now - known.at < LOOK_EVERY) {
                return known.context;
            }
            try {
                next = look(known, now);
                if (known != null && next.context != known.context) {
                    news = new ChannelEvent.IdentityReloaded(address);
                }
            } catch (IOException e) {
                if (known == null) {
                    throw e;
                }
                next = known.seenAgain(now, e.toString());
                if (!next.trouble.equals(known.trouble)) { // told once
                    news = new ChannelEvent.IdentityNotReloaded(address, e);
                }
            }
            loaded = next;
        } finally {
            lock.unlock();
        }
        if (news != null) {
            events.accept(news);
        }
        return next.context;
    }

    /// Fails if there is nothing that can be used. For who begins to serve.
    void require(ChannelAddress address) {
        try {
            TlsContext _ = current(address);
        } catch (IOException e) {
            throw new ChannelException.IdentityUnusable(address, e);
        }
    }

    private Loaded look(@Nullable Loaded known, long now) throws IOException {
        IdentityFiles files = IdentityFiles.read(identity);
        try {
            byte[] digest = files.digest();
            return known != null && MessageDigest.isEqual(digest, known.digest)
                    ? known.seenAgain(now, "")
                    : new Loaded(TlsContext.of(files, identity), digest, now, "");
        } finally {
            files.wipe();
        }
    }
}
