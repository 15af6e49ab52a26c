package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A listening socket and the links it has accepted.
final class SocketServer implements ChannelServer, Closing, EventLoop.Handler {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int ACCEPTS_AT_ONCE = 16;

    private final Listener listener;
    private final Admission admission;
    private final FrameReceiver receiver;
    private final ChannelContext context;
    private final Backoff backoff;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    // The loop's.
    private final Set<InboundLink> links = new LinkedHashSet<>();
    private final SessionTable<InboundLink> sessions;
    private boolean ticks;
    private final ArrayDeque<Ungreeted> ungreeted = new ArrayDeque<>();
    private @Nullable SelectionKey key;
    private boolean silenceTimed;
    private boolean closed;

    /// A bound socket that connections come from; a seam for faults.
    interface Listener {
        /// The address to dial.
        ChannelAddress address();

        SelectionKey register(EventLoop loop, EventLoop.Handler handler) throws IOException;

        /// The next connection, or null if there is none now.
        @Nullable SocketChannel accept() throws IOException;

        /// What to speak over, to one whom it is meant for.
        ///
        /// @param connected it does not block
        /// @param handler as for a [Connection]
        /// @throws ForeignPeerException if it is certain already that it is another user
        Connection connection(SocketChannel connected, EventLoop loop, EventLoop.Handler handler)
                throws IOException;

        /// Stops listening and removes what it left in the file system.
        void close();
    }

    /// A connection without a session: it may still say hello, or has been turned away and has not
    /// hung up yet.
    private record Ungreeted(InboundLink link, long since) {}

    SocketServer(
            Listener listener,
            Admission admission,
            FrameReceiver receiver,
            ChannelContext context) {
        this.listener = listener;
        this.admission = admission;
        this.receiver = receiver;
        this.context = context;
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, context.random());
        SessionConfig limits = context.config().sessions();
        this.sessions =
                new SessionTable<>(
                        context.incarnation(),
                        new SessionTable.Limits(
                                context.config().frameMaxBytes(),
                                limits.perPeerMax(),
                                limits.totalMax(),
                                limits.keep().toNanos(),
                                (int) limits.heartbeat().toMillis()),
                        context.secrets(),
                        context.counts());
    }

    /// Begins to accept.
    void start() {
        context.loop()
                .execute(() -> {
                    try {
                        if (!closed) {
                            key = listener.register(context.loop(), this);
                        }
                    } catch (IOException e) {
                        fail(e);
                    }
                });
    }

    @Override
    public ChannelAddress address() {
        return listener.address();
    }

    Admission admission() {
        return admission;
    }

    FrameReceiver receiver() {
        return receiver;
    }

    // ---- accepting; on the loop

    @Override
    public void ready(int ops) {
        for (int i = 0; i < ACCEPTS_AT_ONCE && !closed; i++) {
            SocketChannel socket;
            try {
                socket = listener.accept();
                backoff.reset();
            } catch (IOException e) {
                pause(e);
                return;
            }
            if (socket == null) {
                return;
            }
            admit(socket);
        }
    }

    private void admit(SocketChannel socket) {
        boolean kept = false;
        try {
            socket.configureBlocking(false);
            InboundLink link = new InboundLink(this, listener, socket, context);
            kept = links.add(link);
            limitUngreeted(link);
            link.begin();
        } catch (ForeignPeerException e) {
            context.report(new ChannelEvent.ForeignPeer(address(), e.user()));
        } catch (IOException e) {
            // gone before it was here
        } finally {
            if (!kept) {
                Sockets.closeQuietly(socket);
            }
        }
    }

    /// One that was rejected waits for its peer to hang up, as those do that have said nothing.
    void turnedAway(InboundLink link) {
        if (ungreeted.stream().noneMatch(one -> one.link == link)) {
            limitUngreeted(link);
        }
    }

    private void limitUngreeted(InboundLink link) {
        if (ungreeted.size() >= context.config().silentConnectionsMax()) {
            InboundLink other = leastPromising();
            other.reject(RejectCode.TOO_MANY_SILENT, "too many connections without a hello");
            other.gone(); // else those that wait for it to hang up have no bound
        }
        ungreeted.add(new Ungreeted(link, context.clock().getAsLong()));
        if (!silenceTimed) {
            silenceTimed = true;
            context.loop().after(context.config().helloTimeout().toNanos(), this::dropSilent);
        }
    }

    /// Who has been turned away, else who has been silent for longest.
    private InboundLink leastPromising() {
        for (Ungreeted one : ungreeted) {
            if (!one.link.isSilent()) {
                return one.link;
            }
        }
        return ungreeted.getFirst().link;
    }

    private void dropSilent() {
        silenceTimed = false;
        long timeout = context.config().helloTimeout().toNanos();
        for (Ungreeted one : List.copyOf(ungreeted)) {
            long left = timeout - (context.clock().getAsLong() - one.since);
            if (left > 0) {
                silenceTimed = true;
                context.loop().after(left, this::dropSilent);
                return;
            }
            if (one.link.isSilent()) {
                one.link.reject(
                        RejectCode.HELLO_TOO_LATE,
                        "no hello within " + context.config().helloTimeout());
            }
        }
    }

    /// Failing at once again and again, as without free descriptors, would take a whole core.
    private void pause(IOException cause) {
        SelectionKey registered = key;
        if (registered == null || !registered.isValid()) {
            return;
        }
        long nanos = backoff.next();
        context.report(new ChannelEvent.AcceptFailed(address(), cause, Duration.ofNanos(nanos)));
        context.loop()
                .after(
                        nanos,
                        () -> {
                            if (registered.isValid()) {
                                registered.interestOps(SelectionKey.OP_ACCEPT);
                            }
                        });
        registered.interestOps(0); // not before it is certain that this is undone
    }

    @Override
    public void fail(Throwable fault) {
        context.report(new ChannelEvent.Fault(address(), fault));
    }

    SessionTable<InboundLink> sessions() {
        return sessions;
    }

    void greeted(InboundLink link) {
        ungreeted.removeIf(other -> other.link == link);
        keepTicking();
    }

    /// A clock for all sessions, as long as there are any.
    private void keepTicking() {
        if (!ticks && !closed && (!links.isEmpty() || sessions.size() > 0)) {
            context.loop().after(context.config().sessions().heartbeat().toNanos() / 2, this::tick);
            ticks = true;
        }
    }

    private void tick() {
        ticks = false;
        try {
            long now = context.loop().now();
            List.copyOf(links).forEach(link -> tick(link, now));
            sessions.expire(now);
        } finally { // whatever fails
            keepTicking();
        }
    }

    /// A link that fails is none of the others' business.
    private void tick(InboundLink link, long now) {
        SessionConfig limits = context.config().sessions();
        try {
            link.tick(now, limits.heartbeat().toNanos(), limits.suspicion().toNanos());
        } catch (Throwable t) {
            link.fail(t);
        }
    }

    void gone(InboundLink link) {
        links.remove(link);
        ungreeted.removeIf(other -> other.link == link);
        finishIfIdle();
    }

    // ---- closing

    @Override
    public void dismiss(Secret secret) {
        boolean _ =
                context.loop()
                        .execute(() -> {
                            sessions.forget(secret);
                            List.copyOf(links).forEach(link -> link.dismiss(secret));
                        });
    }

    @Override
    public void close() {
        closeWithin(context.patience());
    }

    @Override
    public void beginClose() {
        if (closing.compareAndSet(false, true) && !context.loop().execute(this::closeOnLoop)) {
            listener.close();
        }
    }

    @Override
    public void awaitClosed(long nanos) throws InterruptedException {
        if (!context.loop().inside()) {
            boolean _ = done.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void abandon() {
        if (!closed) {
            closeOnLoop();
        }
        List.copyOf(links).forEach(InboundLink::gone);
    }

    private void closeOnLoop() {
        closed = true;
        if (key != null) {
            key.cancel();
        }
        listener.close();
        context.loop().letGoOfClosed();
        List.copyOf(links).forEach(InboundLink::closeByServer);
        sessions.close();
        finishIfIdle();
    }

    private void finishIfIdle() {
        if (closed && links.isEmpty()) {
            context.forget(this);
            done.countDown();
        }
    }
}
