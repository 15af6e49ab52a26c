package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Makes the engines of one [Channels], and ends the connections of those who are not believed any
/// more: when the files of the [TlsIdentity] have changed it looks at the certificates again that
/// peers have shown. A session goes on over another connection, if the peer can make one.
///
/// **Threads:** the loop's.
final class TlsWatch implements EventLoop.Handler {
    private final TlsKeeper keeper;
    private final EventLoop loop;
    private final Consumer<ChannelEvent> events;
    private final Map<TlsConnection, Side> established = new HashMap<>();
    private final Errand errand;
    private boolean timed;
    private List<Lost> lost = List.of(); // in turns the errand's and the loop's

    /// Whom a connection is with.
    private record Shown(TlsConnection connection, Side side, List<X509Certificate> chain) {}

    /// Who is not believed any more.
    private record Lost(Shown peer, GeneralSecurityException why) {}

    /// What one connection was made with.
    private final class Side implements TlsConnection.Engines {
        private final ChannelAddress address;
        private final ChannelAddress.@Nullable Network dialled;
        private volatile @Nullable TlsContext context;

        Side(ChannelAddress address, ChannelAddress.@Nullable Network dialled) {
            this.address = address;
            this.dialled = dialled;
        }

        @Override
        public SSLEngine open() throws IOException {
            TlsContext current = keeper.current(address);
            context = current;
            return dialled == null
                    ? current.server()
                    : current.client(dialled.host(), dialled.port());
        }

        @Override
        public void established(TlsConnection connection) {
            established.put(connection, this);
            lookLater();
        }

        @Override
        public void closed(TlsConnection connection) {
            established.remove(connection);
        }
    }

    TlsWatch(TlsKeeper keeper, EventLoop loop, Consumer<ChannelEvent> events) {
        this.keeper = keeper;
        this.loop = loop;
        this.events = events;
        this.errand = new Errand(loop, this);
    }

    /// The one that there is.
    ///
    /// @throws ChannelException.AddressUnusable if there is none
    static TlsWatch need(Optional<TlsWatch> tls, ChannelAddress address) {
        return tls.orElseThrow(() ->
                new ChannelException.AddressUnusable(
                        address, "there are no certificates (ChannelConfig.withTls, --tls-cert)"));
    }

    /// Fails if there is nothing that can be used. For who begins to serve, on any thread.
    void require(ChannelAddress address) {
        keeper.require(address);
    }

    /// For a connection from one who dialled `address`.
    TlsConnection.Engines serving(ChannelAddress address) {
        return new Side(address, null);
    }

    /// For a connection to `address`.
    TlsConnection.Engines dialling(ChannelAddress.Network address) {
        return new Side(address, address);
    }

    private void lookLater() {
        if (!timed) {
            loop.after(TlsKeeper.LOOK_EVERY, this::look);
            timed = true;
        }
    }

    private void look() {
        timed = false;
        boolean begun = false;
        try {
            begun = beginLook();
        } finally { // whatever fails, it is looked again
            if (!begun && !established.isEmpty()) {
                lookLater();
            }
        }
    }

    /// When that is over it is looked again.
    private boolean beginLook() {
        List<Shown> peers = new ArrayList<>();
        established.forEach(
                (connection, side) -> peers.add(new Shown(connection, side, connection.chain())));
        if (peers.isEmpty()) {
            return false;
        }
        errand.begin(() -> lost = check(peers));
        timed = true; // by the errand
        return true;
    }

    /// On the errand's thread: reads files, and a path of certificates takes a millisecond.
    @SuppressWarnings("ReferenceEquality") // what was read at one time
    private List<Lost> check(List<Shown> peers) throws IOException {
        List<Lost> found = new ArrayList<>();
        TlsContext current = keeper.current(peers.getFirst().side.address);
        for (Shown peer : peers) {
            if (peer.side.context != current) {
                try {
                    current.check(peer.chain, peer.side.dialled != null);
                    peer.side.context = current;
                } catch (GeneralSecurityException e) {
                    found.add(new Lost(peer, e));
                }
            }
        }
        return found;
    }

    /// The look is over.
    @Override
    public void ready(int ops) throws IOException {
        List<Lost> found = lost;
        lost = List.of();
        timed = false;
        lookLater();
        errand.check();
        for (Lost one : found) {
            if (established.remove(one.peer.connection) != null) {
                events.accept(
                        new ChannelEvent.PeerDistrusted(
                                one.peer.side.address, one.peer.connection.peerNames(), one.why));
                one.peer.connection.end(
                        new SSLException("The peer is not believed any more", one.why));
            }
        }
    }

    /// Once there was something to use, nothing in the files is a failure.
    @Override
    public void fail(Throwable fault) {
        events.accept(new ChannelEvent.Fault(new ChannelAddress.Local(0), fault));
    }
}
