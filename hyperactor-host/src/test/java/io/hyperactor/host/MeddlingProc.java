package io.hyperactor.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.AskException;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// A child with an actor that tries what may not be its business, and says what came of it.
final class MeddlingProc {
    static final ActorType<Meddle> TYPE = ActorType.of("meddler", Meddle.class, Meddler::new);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What it is to try. The reply is `done`, or why not.
    sealed interface Meddle {
        /// Lists the procs of its host.
        record ListProcs(OncePortRef<String> replyTo) implements Meddle {}

        /// Starts an actor in another proc of its host.
        record Spawn(String name, OncePortRef<String> replyTo) implements Meddle {}

        /// Stops another proc of its host.
        record StopProc(String name, OncePortRef<String> replyTo) implements Meddle {}
    }

    private MeddlingProc() {}

    public static void main(String[] args) {
        ProcMain.run(TYPE);
    }

    private static final class Meddler implements Actor<Meddle> {
        private @Nullable OncePortRef<String> asker;

        @Override
        public void receive(Context<Meddle> cx, Meddle message) throws InterruptedException {
            ProcId own = cx.proc().id();
            switch (message) {
                case Meddle.ListProcs(var replyTo) -> {
                    ProcId service = new ProcId(own.address(), Host.SERVICE_PROC_NAME);
                    cx.send(replyTo, list(cx, service));
                }
                case Meddle.Spawn(var name, var replyTo) ->
                        cx.send(replyTo, spawn(cx, agent(own, name)));
                case Meddle.StopProc(var name, var replyTo) -> {
                    asker = replyTo;
                    cx.send(
                            agent(own, name),
                            new ProcAgentMessage.StopProc(Duration.ZERO, "meddled with"));
                }
            }
        }

        private static ActorRef<ProcAgentMessage> agent(ProcId own, String name) {
            return ActorRef.attest(
                    new ProcId(own.address(), name).actor(ProcAgent.NAME, 0),
                    ProcAgentMessage.class);
        }

        private static String spawn(Context<Meddle> cx, ActorRef<ProcAgentMessage> agent)
                throws InterruptedException {
            try {
                var _ = cx.spawn(agent, "of-" + cx.proc().id().name(), TYPE);
                return "done";
            } catch (AskException.Undelivered e) {
                return e.undeliverable().failure().reason().name();
            }
        }

        private static String list(Context<Meddle> cx, ProcId service) throws InterruptedException {
            try {
                var _ =
                        cx.ask(
                                ActorRef.attest(
                                        service.actor(HostAgent.NAME, 0), HostAgentMessage.class),
                                HostAgentMessage.ListProcs::new,
                                PATIENCE);
                return "done";
            } catch (AskException.Undelivered e) {
                return e.undeliverable().failure().reason().name();
            }
        }

        @Override
        public void undeliverable(Context<Meddle> cx, Undeliverable returned) {
            if (asker != null) {
                cx.send(asker, returned.failure().reason().name());
            }
        }
    }
}
