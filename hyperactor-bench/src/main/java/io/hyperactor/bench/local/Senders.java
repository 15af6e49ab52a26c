package io.hyperactor.bench.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Plain threads that send.
final class Senders {
    private Senders() {}

    /// Runs one task for each number below `count`, all at the same time; a single one on this
    /// thread.
    static void run(int count, IntFunction<Runnable> task) throws InterruptedException {
        if (count == 1) {
            task.apply(0).run();
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(task.apply(i)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
