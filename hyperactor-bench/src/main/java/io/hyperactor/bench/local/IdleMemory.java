package io.hyperactor.bench.local;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

/// Heap of an idle actor with its name and its ref, after it has handled one message.
public final class IdleMemory implements Workload {
    private static final int FIRST = 1000; // load the classes

    private final Population population = new Population();

    private IdleMemory() throws Exception {
        population.create(FIRST);
    }

    /// Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(IdleMemory::new);
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
