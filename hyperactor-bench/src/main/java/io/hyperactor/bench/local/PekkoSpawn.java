package io.hyperactor.bench.local;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// [Spawn] with Pekko.
public final class PekkoSpawn implements Workload {
    private final PekkoPopulation population = new PekkoPopulation();

    private PekkoSpawn() {}

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PekkoSpawn::new);
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
