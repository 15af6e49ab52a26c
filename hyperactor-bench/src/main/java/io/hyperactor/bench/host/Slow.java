package io.hyperactor.bench.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.ProcMain;

/// Takes its time for each message, while its [Valve] is open: more come than it can handle. Also
/// the program of procs that can spawn it.
public final class Slow implements Actor<Slow.Task> {
    static final ActorType<Task> TYPE = ActorType.of("slow", Task.class, Slow::new);

    private static final long MILLIS = 1;

    private Slow() {}

    /// What it is sent.
    public sealed interface Task {
        /// What it is flooded with. No reply.
        record Work(byte[] payload) implements Task {}

        /// Replies once, when it has handled all that came before.
        record Last(OncePortRef<Boolean> replyTo) implements Task {}
    }

    /// Runs a proc.
    public static void main(String[] arguments) {
        ProcMain.run(TYPE, Valve.TYPE);
    }

    @Override
    public void receive(Context<Task> cx, Task message) throws InterruptedException {
        switch (message) {
            case Task.Work _ -> {
                if (Valve.isOpen()) {
                    Thread.sleep(MILLIS);
                }
            }
            case Task.Last(var replyTo) -> cx.send(replyTo, true);
        }
    }

    @Override
    public void undeliverable(Context<Task> cx, Undeliverable returned) {}
}
