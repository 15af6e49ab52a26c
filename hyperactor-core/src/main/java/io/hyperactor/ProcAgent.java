package io.hyperactor;

/// The actor that manages its proc for whoever may ask: spawns actors by the name of their type,
/// reports, ends the proc.
public final class ProcAgent implements Actor<ProcAgentMessage> {
    /// The usual name of a proc's agent.
    public static final String NAME = "proc_agent";

    private final ActorTypes types;

    private ProcAgent(ActorTypes types) {
        this.types = types;
    }

    /// The type of an agent that spawns actors of these types and no others.
    public static ActorType<ProcAgentMessage> type(ActorTypes types) {
        return ActorType.of(NAME, ProcAgentMessage.class, () -> new ProcAgent(types));
    }

    @Override
    public void receive(Context<ProcAgentMessage> cx, ProcAgentMessage message) {
        switch (message) {
            case ProcAgentMessage.Spawn spawn -> cx.send(spawn.replyTo(), spawn(cx.proc(), spawn));
            case ProcAgentMessage.StopProc(var grace, var reason) -> {
                var _ = cx.proc().stop(grace, reason); // whoever waits for it sees the process end
            }
            case ProcAgentMessage.GetReport(var replyTo) -> cx.send(replyTo, report(cx.proc()));
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
