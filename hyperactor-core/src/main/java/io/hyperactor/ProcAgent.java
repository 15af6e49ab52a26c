package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.Set;

/// The actor that manages its proc: for whoever reaches it, it spawns actors by the name of their
/// type and reports; for its host and itself it ends the proc. Other procs of hosts reach it if
/// their hosts let them: docs/security.md.
public final class ProcAgent implements Actor<ProcAgentMessage> {
    /// The usual name of a proc's agent.
    public static final String NAME = "proc_agent";

    /// What hosts name the procs in their own process. Nobody else may: see [SenderGate].
    private static final Set<String> IN_HOST = Set.of("service", "local");

    private final ActorTypes types;

    private ProcAgent(ActorTypes types) {
        this.types = types;
    }

    /// The type of an agent that spawns actors of these types and no others.
    public static ActorType<ProcAgentMessage> type(ActorTypes types) {
        return ActorType.of(NAME, ProcAgentMessage.class, () -> new ProcAgent(types))
                .guarded(ProcAgent::takes);
    }

    private static boolean takes(ProcId own, ActorId sender, ProcAgentMessage message) {
        return !(message instanceof ProcAgentMessage.StopProc) || mayStop(own, sender.proc());
    }

    /// Whether the agent of `proc` takes a [ProcAgentMessage.StopProc] from actors and clients in
    /// `from`: that is the proc itself, or one of the two in its host's own process.
    public static boolean mayStop(ProcId proc, ProcId from) {
        return from.equals(proc)
                || (from.address().equals(proc.address()) && IN_HOST.contains(from.name()));
    }

    /// Whether that is the agent of a proc.
    static boolean is(ActorId actor) {
        return actor.pid() == 0 && actor.name().equals(NAME);
    }

    @Override
    public void receive(Context<ProcAgentMessage> cx, ProcAgentMessage message) {
        // No pattern switch, which would be linked anew in each process that is stopped.
        if (message instanceof ProcAgentMessage.Spawn spawn) {
            cx.send(spawn.replyTo(), spawn(cx.proc(), spawn));
        } else if (message instanceof ProcAgentMessage.StopProc(Duration grace, String reason)) {
            var _ = cx.proc().stop(grace, reason); // whoever waits for it sees the process end
        } else if (message instanceof ProcAgentMessage.GetReport(var replyTo)) {
            cx.send(replyTo, report(cx.proc()));
        }
    }

    private ProcAgentMessage.Spawned spawn(Proc proc, ProcAgentMessage.Spawn spawn) {
        try {
            ActorType<?> type = types.find(spawn.type()).bind(spawn.params());
            ActorRef<?> actor = proc.spawn(spawn.name(), type).ref();
            return new ProcAgentMessage.Started(
                    actor.id(), actor.type().hash(), actor.incarnation());
        } catch (RuntimeException refused) { // the asker's mistake must not end the agent
            return new ProcAgentMessage.Refused(Texts.describe(refused));
        }
    }

    private static ProcAgentMessage.Report report(Proc proc) {
        return new ProcAgentMessage.Report(
                ProcessHandle.current().pid(),
                proc.actors().size(),
                proc.queuedMessages(),
                Counters.returned(),
                Counters.abandoned());
    }

    /// Messages to askers that have gone away are no reason for an agent to end.
    @Override
    public void undeliverable(Context<ProcAgentMessage> cx, Undeliverable returned) {}
}
