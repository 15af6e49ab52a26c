package io.hyperactor.host;

import io.hyperactor.Envelope;
import io.hyperactor.MailboxSender;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Protocols;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// What a host serves to its procs: the way to everybody, but to the agents of hosts and of other
/// procs for those only that may control them. Whose message it is has been proved before it comes
/// here.
final class ControlGate implements MailboxSender {
    private static final MessageType<HostAgentMessage> HOSTS = Protocols.of(HostAgentMessage.class);
    private static final MessageType<ProcAgentMessage> PROCS = Protocols.of(ProcAgentMessage.class);

    private final MailboxSender way;
    private final Predicate<ProcId> mayControl;
    private final Runnable onForbidden;

    /// @param way takes what may go on
    /// @param mayControl which procs may
    /// @param onForbidden told of each message that may not
    ControlGate(MailboxSender way, Predicate<ProcId> mayControl, Runnable onForbidden) {
        this.way = way;
        this.mayControl = mayControl;
        this.onForbidden = onForbidden;
    }

    @Override
    public boolean offer(Envelope envelope) {
        boolean control = envelope.isFor(HOSTS) || envelope.isFor(PROCS);
        if (control && !mayControl.test(envelope.sender().proc())) {
            onForbidden.run();
            envelope.forbid(envelope.sender().proc() + " may not control hosts and procs");
            return true;
        }
        return way.offer(envelope);
    }

    @Override
    public CompletableFuture<Void> flush() {
        return way.flush();
    }
}
