package io.hyperactor.bench.local;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// [IdleMemory] with Pekko.
public final class PekkoIdleMemory implements Workload {
    private static final int FIRST = 1000; // load the classes

    private final PekkoPopulation population = new PekkoPopulation();

    private PekkoIdleMemory() throws Exception {
        population.create(FIRST);
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(PekkoIdleMemory::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        long before = Heap.used();
        population.create(operations);
        Round round = Heap.each(operations, Heap.used() - before);
        return round;
    }

    @Override
    public void close() {
        population.close();
    }
}
