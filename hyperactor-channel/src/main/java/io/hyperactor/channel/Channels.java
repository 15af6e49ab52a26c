package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Serves and dials addresses. One of these has one event loop, on a daemon thread of its own, and
/// its own `local:` numbers.
///
/// **Threads:** any. A receiver or listener is called on the event loop's thread and must not block
/// it: everything else that goes through it would wait.
public final class Channels implements AutoCloseable {
    private static final Duration LEFT_SOCKET_AGE = Duration.ofSeconds(10);

    private static final long POOL_BYTES = 8 << 20;
    private static final AtomicLong COUNT = new AtomicLong();

    private final ChannelConfig config;
    private final Surroundings around;
    private final EventLoop loop;
    private final BytePool pool = new BytePool(POOL_BYTES);
    private final LinkBytes memory;
    private final ArrivingBytes arriving;
    private final ChannelCounts counts = new ChannelCounts();
    private final ChannelContext context = new Context();
    private final ConcurrentHashMap<Long, LocalServer> localServers = new ConcurrentHashMap<>();
    private final AtomicLong localNumbers = new AtomicLong();
    private final OpenParts servers = new OpenParts();
    private final OpenParts links = new OpenParts();
    private final Optional<TlsWatch> tls;
    private final boolean permanent;
    private final long incarnation;
    private volatile boolean closed;

    private static final class Shared {
        static final Channels INSTANCE =
                new Channels(ChannelConfig.standard(), surroundings(), true);
    }

    /// The one for everybody in this process who does not need limits of his own. Closing it does
    /// nothing.
    public static Channels shared() {
        return Shared.INSTANCE;
    }

    /// Starts an event loop with these limits. Closing it is the caller's.
    public Channels(ChannelConfig config) {
        this(config, surroundings(), false);
    }

    /// Also for tests.
    Channels(ChannelConfig config, Surroundings around, boolean permanent) {
        this.config = config;
        this.around = around;
        this.permanent = permanent;
        this.memory = new LinkBytes(config.linksMaxBytes());
        this.arriving = new ArrivingBytes(config.arrivingMaxBytes());
        this.incarnation = around.random().nextLong() | 1; // not 0
        this.loop =
                new EventLoop(
                        around.sockets(),
                        around.threads(),
                        around.clock(),
                        Channels.this::loopFault,
                        Channels.this::abandonAll);
        this.tls = tls(config, around.clock(), loop, context);
        loop.start();
    }

    private static Optional<TlsWatch> tls(
            ChannelConfig config, LongSupplier clock, EventLoop loop, ChannelContext context) {
        if (config.tls().isEmpty()) {
            return Optional.empty();
        }
        TlsKeeper keeper = new TlsKeeper(config.tls().get(), clock, context::report);
        return Optional.of(new TlsWatch(keeper, loop, context::report));
    }

    private static Surroundings surroundings() {
        return new Surroundings(
                System::nanoTime,
                randomNumbers(),
                new Secrets(),
                SelectorProvider.provider(),
                Channels::daemon);
    }

    /// Not of a SecureRandom, which costs a child proc 10 ms: nothing here is a secret.
    private static RandomGenerator randomNumbers() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "hyperactor-channels-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private void loopFault(Throwable fault) {
        context.report(new ChannelEvent.Fault(new ChannelAddress.Local(0), fault));
    }

    ChannelContext context() {
        return context;
    }

    /// How many bytes all its links hold unacknowledged, of [ChannelConfig#linksMaxBytes()].
    public long heldBytes() {
        return memory.held();
    }

    /// How many bytes the links to all its servers hold of frames that have not wholly arrived, of
    /// [ChannelConfig#arrivingMaxBytes()].
    public long arrivingBytes() {
        return arriving.sum();
    }

    /// How often that happened to its links and servers.
    public long count(ChannelCounter what) {
        return counts.of(what);
    }

    /// How many links its servers have refused for that: [ChannelEvent.LinkRejected].
    public long rejectedLinks(RejectCode why) {
        return counts.rejected(why);
    }

    /// How many single frames its servers have refused for that: [ChannelEvent.FrameRefused].
    public long refusedFrames(RejectCode why) {
        return counts.refused(why);
    }

    /// How many sessions its servers have now, those among them that have no connection just now.
    public long sessions() {
        return counts.sessions();
    }

    /// Removes the socket files in [ChannelConfig#runtimeDirectory()] that processes left behind
    /// which ended by force: those that nobody serves, and that are older than ten seconds. For
    /// programs that start such processes, when they start.
    ///
    /// **Threads:** any; looks at each file once.
    ///
    /// @return how many
    /// @throws java.io.UncheckedIOException if the directory can not be read
    public int removeLeftSockets() {
        try {
            return SocketFile.removeDead(
                    config.runtimeDirectory(), Instant.now().minus(LEFT_SOCKET_AGE));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "left sockets in " + config.runtimeDirectory() + " not removed", e);
        }
    }

    /// Removes one such file, of a process that is known to have ended; whatever its age. Does
    /// nothing to a file elsewhere, to one that is no socket, and to a socket that somebody serves:
    /// the address may be what the process itself has claimed.
    public void removeLeftSocket(ChannelAddress address) {
        Path directory = config.runtimeDirectory().toAbsolutePath();
        if (!(address instanceof ChannelAddress.Unix unix)) {
            return;
        }
        try {
            Path file = Path.of(unix.path());
            boolean _ =
                    directory.equals(file.getParent())
                            && SocketFile.removeIfDead(file, Instant.MAX);
        } catch (InvalidPathException e) {
            return; // then it is none of this process's
        } catch (IOException e) {
            throw new UncheckedIOException(unix + " not removed", e);
        }
    }

    /// A new address in [ChannelConfig#runtimeDirectory()], which is made if it is missing. Serving
    /// it is like serving `unix:` without a path, but that one can tell later whose it was.
    ///
    /// @param mark what the name of the file begins with: small letters, digits, `-` and `.`
    /// @throws IllegalArgumentException if it has anything else
    /// @throws ChannelException.AddressUnusable if it is too long, or others may write to the
    ///   directory
    public ChannelAddress.Unix freshAddress(String mark) {
        return UnixListener.pick(
                SocketFile.checkMark(mark), new ChannelAddress.Unix(""), config, around.random());
    }

    /// Serves an address: bound, and visible to diallers, when it returns.
    ///
    /// `local:0` picks a number; `unix:` without a path picks a file in
    /// [ChannelConfig#runtimeDirectory()]; port 0 picks a port. A socket file that a dead server
    /// left behind is taken over. Of an alias one side is bound, and the other one is the address
    /// to dial.
    ///
    /// @param admission decides whom it talks to, [Admission#open()] to all whom the transport lets
    ///   in; not asked for `local:`
    /// @throws ChannelException.AddressInUse if somebody serves it
    /// @throws ChannelException.AddressUnusable if it cannot be served: a path too long, no right
    ///   to it, a runtime directory that others may write to
    /// @throws ChannelException.Insecure for plain TCP off the loopback addresses, or where the
    ///   users that connect cannot be told, without [ChannelConfig#insecure()]
    /// @throws ChannelException.IdentityUnusable for TLS, if the files of [ChannelConfig#tls()]
    ///   cannot be used
    /// @throws ChannelException.Unsupported for a transport other than local, unix, tcp and tls
    /// @throws ChannelException.Closed if this is closed
    public ChannelServer serve(
            ChannelAddress address, Admission admission, FrameReceiver receiver) {
        ensureOpen(address);
        // No pattern switch, nor in dial: it costs a millisecond of a process's start that no AOT
        // cache can save.
        if (address instanceof ChannelAddress.Local local) {
            return opened(serveLocal(local, receiver), servers, address);
        }
        SocketServer.Listener listener =
                address instanceof ChannelAddress.Unix unix
                        ? UnixListener.bind(unix, config, around.random())
                        : TcpListener.bind(address, config, around.sockets(), tls);
        return opened(started(listener, admission, receiver), servers, address);
    }

    /// Keeps what was just opened, unless all was closed meanwhile.
    private <T extends Closing> T opened(T one, OpenParts all, ChannelAddress address) {
        all.add(one);
        if (closed) {
            one.closeWithin(context.patience());
            ensureOpen(address);
        }
        return one;
    }

    private SocketServer started(
            SocketServer.Listener listener, Admission admission, FrameReceiver receiver) {
        SocketServer server = new SocketServer(listener, admission, receiver, context);
        server.start();
        return server;
    }

    private LocalServer serveLocal(ChannelAddress.Local asked, FrameReceiver receiver) {
        while (true) {
            ChannelAddress.Local address =
                    asked.number() != 0
                            ? asked
                            : new ChannelAddress.Local(localNumbers.incrementAndGet());
            LocalServer server = new LocalServer(address, receiver, context);
            if (localServers.putIfAbsent(address.number(), server) == null) {
                return server;
            }
            if (asked.number() != 0) {
                throw new ChannelException.AddressInUse(address);
            }
        }
    }

    /// A new link to an address. Never blocks: it connects on the first frame, and for
    /// [ChannelConfig#dialWindow()] tries again if there is nobody yet.
    ///
    /// @param secret what the server is shown, on each connection; [Secret#NONE] where it asks for
    ///   nothing
    /// @throws ChannelException.DialFailed for a `local:` number that is not served
    /// @throws ChannelException.AddressUnusable for an address that cannot be dialled
    /// @throws ChannelException.Insecure for plain TCP to an address off loopback, without
    ///   [ChannelConfig#insecure()]
    /// @throws ChannelException.Unsupported for a transport other than local, unix, tcp and tls
    /// @throws ChannelException.Closed if this is closed
    public Tx dial(ChannelAddress address, Secret secret, TxListener listener) {
        ensureOpen(address);
        if (address instanceof ChannelAddress.Local local) {
            return opened(dialLocal(local, listener), links, address);
        }
        if (address instanceof ChannelAddress.Unix unix) {
            return opened(dialUnix(unix, secret, listener), links, address);
        }
        ChannelAddress.Network network =
                address instanceof ChannelAddress.Alias alias
                        ? alias.dial()
                        : (ChannelAddress.Network) address;
        return opened(dialTcp(network, secret, listener), links, network);
    }

    private SocketTx dialTcp(ChannelAddress.Network address, Secret secret, TxListener listener) {
        return new SocketTx(address, TcpRoute.to(address, config, tls), secret, listener, context);
    }

    private SocketTx dialUnix(ChannelAddress.Unix address, Secret secret, TxListener listener) {
        if (address.path().isEmpty()) {
            throw new ChannelException.AddressUnusable(address, "it has no path to dial");
        }
        if (UnixListener.isAbstract(address)) {
            throw new ChannelException.Unsupported(address);
        }
        SocketFile.checkLength(address, address.path());
        try {
            var route = new UnixRoute(UnixDomainSocketAddress.of(address.path()));
            return new SocketTx(address, route, secret, listener, context);
        } catch (InvalidPathException e) { // in a locale without these characters
            throw new ChannelException.AddressUnusable(address, String.valueOf(e.getMessage()), e);
        }
    }

    private LocalTx dialLocal(ChannelAddress.Local address, TxListener listener) {
        LocalServer server = localServers.get(address.number());
        if (server == null) {
            throw new ChannelException.DialFailed(address, "nobody serves it");
        }
        return server.connect(listener);
    }

    private void ensureOpen(ChannelAddress address) {
        if (closed) {
            throw new ChannelException.Closed(address, null);
        }
    }

    /// Closes every link, then every server, then ends the event loop. Waits for all of it, a few
    /// [ChannelConfig#closeWait()] at most; on the event loop's thread it waits for nothing. May be
    /// called again.
    @Override
    public void close() {
        if (permanent) {
            return;
        }
        closed = true;
        closeAll(links.all());
        closeAll(servers.all());
        loop.stop();
        if (!loop.inside()) {
            try {
                loop.join(config.closeWait().toMillis() + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// All at once, so that peers that do not answer do not add up.
    private void closeAll(List<Closing> many) {
        long deadline = System.nanoTime() + context.patience();
        many.forEach(Closing::beginClose);
        try {
            for (Closing one : many) {
                one.awaitClosed(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends what [#close] could not wait for. On the loop.
    private boolean abandonAll() {
        links.all().forEach(Closing::abandon);
        servers.all().forEach(Closing::abandon);
        return links.isEmpty() && servers.isEmpty();
    }

    private final class Context implements ChannelContext {
        @Override
        public ChannelConfig config() {
            return config;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public BytePool pool() {
            return pool;
        }

        @Override
        public LinkBytes memory() {
            return memory;
        }

        @Override
        public ArrivingBytes arriving() {
            return arriving;
        }

        @Override
        public ChannelCounts counts() {
            return counts;
        }

        @Override
        public LongSupplier clock() {
            return around.clock();
        }

        @Override
        public RandomGenerator random() {
            return around.random();
        }

        @Override
        public RandomGenerator secrets() {
            return around.secrets();
        }

        @Override
        public long incarnation() {
            return incarnation;
        }

        @Override
        public void report(ChannelEvent event) {
            try {
                counts.count(event);
                config.events().happened(event);
            } catch (Throwable t) {
                // Who listens has a fault himself: nobody is left to tell.
            }
        }

        @Override
        public void forget(Tx link) {
            links.remove(link);
        }

        @Override
        public void forget(ChannelServer server) {
            servers.remove(server);
            if (server instanceof LocalServer local) {
                localServers.remove(local.address().number(), local);
            }
        }
    }
}
