package io.hyperactor.host;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.LineLimit;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Where the processes of a manager report that they serve, and then send what they log. Lets in
/// those that show a secret of a proc or of a spare, and believes of each only what it says of
/// itself.
///
/// **Threads:** any; what comes in is handled on the event loop.
final class Callbacks<A> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final int MAX_BYTES = 16 * 1024;

    private final MessageType<A> agentType;
    private final Children<A> children;
    private final Admission members;
    private final Spares spares;
    private final ProcLogs logs;
    private final Runnable whenSpareIsThere;
    private final LongAdder refused = new LongAdder();
    private final LineLimit refusalLines = new LineLimit();
    private final ChannelServer server;

    /// @param children the procs there are
    /// @param members tells procs by their secrets
    /// @param logs takes what they log
    /// @param whenSpareIsThere runs when a spare has reported; must not block
    Callbacks(
            Channels channels,
            MessageType<A> agentType,
            Children<A> children,
            Admission members,
            Spares spares,
            ProcLogs logs,
            Runnable whenSpareIsThere) {
        this.agentType = agentType;
        this.children = children;
        this.members = members;
        this.spares = spares;
        this.logs = logs;
        this.whenSpareIsThere = whenSpareIsThere;
        this.server = channels.serve(SocketMark.address(channels), this::reporter, this::received);
    }

    /// Where they report.
    ChannelAddress address() {
        return server.address();
    }

    /// Cuts the links of whoever has shown `secret`.
    void dismiss(Secret secret) {
        server.dismiss(secret);
    }

    /// See [ProcessProcManager#refusedCallbacks()].
    long refused() {
        return refused.sum();
    }

    /// Who may report: procs, and the spare that is being started.
    private Optional<Peer> reporter(Secret shown) {
        Optional<Peer> known =
                members.admit(shown)
                        .or(() ->
                                spares.nameOf(shown)
                                        .map(name ->
                                                new Peer.Member(
                                                        new ProcId(server.address(), name))));
        if (known.isEmpty()) {
            refuse("a child without a secret", "");
        }
        return known;
    }

    /// On the event loop.
    private boolean received(Inbound from, byte[] buffer, int offset, int length) {
        if (logs.isBound(from)) {
            logs.event(from, buffer, offset, length);
            return true;
        }
        try {
            if (length > MAX_BYTES) {
                throw new WireFormatException(length + " bytes", 0);
            }
            WireReader in = new WireReader(buffer, offset, length);
            switch (ChildMessage.type().readFully(in)) {
                case Callback callback -> calledBack(from, callback);
                case LogEvent _ -> logs.event(from, buffer, offset, length); // which refuses it
            }
        } catch (WireFormatException e) {
            refuse("a callback that is none", ": " + e.getMessage());
        }
        return true;
    }

    private void calledBack(Inbound from, Callback callback) {
        ProcessProcHandle<A> handle = children.get(callback.procId());
        if (!(from.peer() instanceof Peer.Member(ProcId who))) {
            refuse("a callback of nobody", "");
        } else if (callback.procId().equals(Callback.spareAt(server.address()))) {
            spareCalledBack(who);
        } else if (handle == null || !handle.procId().equals(who)) {
            refuse("a callback by another", ": of '" + callback.procId() + "' by '" + who + "'");
        } else if (isTaken(callback.address(), handle)) {
            refuse("a callback with the address of another", ": '" + callback.procId() + "'");
        } else if (!handle.calledBack(callback, agentType)) {
            refuse("a second callback", " of '" + callback.procId() + "'");
        } else {
            logs.bind(from, callback.procId().name(), () -> handle.pid().orElse(0));
        }
    }

    /// A proc may have the name of a spare: where it is said to be is what tells them apart.
    private void spareCalledBack(ProcId who) {
        if (who.address().equals(server.address()) && spares.parks(who.name())) {
            whenSpareIsThere.run();
        } else {
            refuse("a callback as a spare", " by '" + who + "'");
        }
    }

    /// A child that claims somebody else's address would get, and cost, that one's messages.
    private boolean isTaken(ChannelAddress address, ProcessProcHandle<A> of) {
        return address.equals(server.address())
                || address.equals(of.procId().address())
                || children.all().stream()
                        .anyMatch(other ->
                                other != of && other.address().equals(Optional.of(address)));
    }

    /// On the event loop: anybody may be refused as often as he likes, and costs a line a second
    /// for each reason.
    private void refuse(String reason, String detail) {
        refused.increment();
        String more = refusalLines.ask(reason, System.nanoTime());
        if (more != null) {
            LOG.warn("refused {}{}{}", reason, detail, more);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
