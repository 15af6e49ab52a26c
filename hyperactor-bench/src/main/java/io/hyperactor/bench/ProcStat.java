package io.hyperactor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// How busy the processors are, by what Linux counts. Elsewhere they seem to be idle.
final class ProcStat implements Quiet.Processors {
    private static final Path FILE = Path.of("/proc/stat");
    private static final Duration MOMENT = Duration.ofMillis(150);
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7; // what follows is part of what came before

    private record Ticks(long idle, long all) {}

    @Override
    public double busy() throws InterruptedException {
        Ticks before = ticks();
        Thread.sleep(MOMENT);
        Ticks after = ticks();
        long all = after.all - before.all;
        return all == 0 ? 0 : 1 - (double) (after.idle - before.idle) / all;
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    private static Ticks ticks() {
        try {
            return parse(Files.readAllLines(FILE));
        } catch (IOException e) {
            return new Ticks(0, 0);
        }
    }

    private static Ticks parse(List<String> lines) {
        long[] counts =
                Arrays.stream(lines.getFirst().split(" +", -1))
                        .skip(1)
                        .limit(STEAL + 1)
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new Ticks(counts[IDLE] + counts[IOWAIT], Arrays.stream(counts).sum());
    }
}
