package io.hyperactor.bench.local;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// An operation is an actor spawned under a name, with its first message handled.
public final class Spawn implements Workload {
    private final Population population = new Population();

    private Spawn() {}

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(Spawn::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        long start = System.nanoTime();
        population.create(operations);
        long nanos = System.nanoTime() - start;
        population.end();
        return Round.each(operations, nanos);
    }

    @Override
    public void close() {
        population.close();
    }
}
