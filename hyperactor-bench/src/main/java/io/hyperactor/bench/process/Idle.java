package io.hyperactor.bench.process;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What this process and four children take of a processor while nobody asks them anything. An
/// operation is a second.
public final class Idle implements Workload {
    private static final int CHILDREN = 4;
    private static final long SECOND_MILLIS = 1000;
    private static final double PERCENT = 100;

    private final Children children;
    private final List<Long> processes = new ArrayList<>();

    private Idle(Children children, long settleSeconds) throws IOException, InterruptedException {
        this.children = children;
        processes.add(ProcessHandle.current().pid());
        for (int i = 0; i < CHILDREN; i++) {
            Children.Child child = children.start();
            child.ask();
            processes.add(child.pid());
        }
        Thread.sleep(settleSeconds * SECOND_MILLIS);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `ours` or `bare`, and how many seconds all have been there by then
    public static void main(String[] arguments) {
        Worker.run(() ->
                new Idle(
                        arguments[0].equals("ours") ? Procs.cached() : new BareJvms(),
                        Long.parseLong(arguments[1])));
    }

    @Override
    public Round round(int operations) throws Exception {
        Map<Path, Long> before = computed();
        long start = System.nanoTime();
        Thread.sleep(operations * SECOND_MILLIS);
        long nanos = 0;
        for (Map.Entry<Path, Long> thread : computed().entrySet()) { // but of those that ended
            nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return Round.of(Figure.SHARE, PERCENT * nanos / (System.nanoTime() - start));
    }

    /// Nanoseconds of each thread.
    private Map<Path, Long> computed() throws IOException {
        Map<Path, Long> nanos = new HashMap<>();
        for (long process : processes) {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + process + "/task"))) {
                for (Path thread : threads.toList()) {
                    nanos.put(thread, computed(thread.resolve("schedstat")));
                }
            }
        }
        return nanos;
    }

    private static long computed(Path thread) {
        try {
            String text = Files.readString(thread);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    @Override
    public void close() {
        children.close();
        processes.stream()
                .skip(1)
                .flatMap(id -> ProcessHandle.of(id).stream())
                .forEach(ProcessHandle::destroyForcibly);
    }
}
