package io.hyperactor.bench.host;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.Undeliverable;
import io.hyperactor.host.ProcMain;

/// Takes its time for each message: more come than it can handle. Also the program of procs that
/// can spawn it.
public final class Slow implements Actor<Slow.Work> {
    static final ActorType<Work> TYPE = ActorType.of("slow", Work.class, Slow::new);

    private static final long MILLIS = 1;

    private Slow() {}

    /// What it is flooded with.
    public record Work(byte[] payload) {}

    /// Runs a proc.
    public static void main(String[] arguments) {
        ProcMain.run(TYPE);
    }

    @Override
    public void receive(Context<Work> cx, Work message) throws InterruptedException {
        Thread.sleep(MILLIS);
    }

    @Override
    public void undeliverable(Context<Work> cx, Undeliverable returned) {}
}
