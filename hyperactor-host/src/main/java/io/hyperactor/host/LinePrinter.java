package io.hyperactor.host;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Prints lines on a thread of its own, for whoever must not stand still when nobody reads them: a
/// pipe that is full, a terminal that was stopped.
///
/// Who prints waits until the line is out, so that it is not lost if the process ends next; but no
/// longer than a moment, and not at all while a line before it hangs. Lines that have no room
/// meanwhile are lost, and a line says how many.
///
/// **Threads:** any.
final class LinePrinter {
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int COST = 64; // what a line takes besides its characters, roughly

    private record Line(String text, CountDownLatch out) {}

    private final PrintStream out;
    private final LogQueue<Line> lines = new LogQueue<>("hyperactor-log", this::printNow);
    private final LongAdder lost = new LongAdder();
    private volatile boolean hangs;

    LinePrinter(PrintStream out) {
        this.out = out;
    }

    void print(String text) {
        var line = new Line(text, new CountDownLatch(1));
        if (!lines.offer(line, text.length() + COST)) {
            lost.increment();
        } else if (!hangs) {
            await(line);
        }
    }

    private void await(Line line) {
        try {
            if (!line.out.await(WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                hangs = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void printNow(Line line) {
        out.println(line.text);
        hangs = false;
        line.out.countDown();
        long before = lost.sumThenReset();
        if (before > 0) {
            out.println("WARN " + LinePrinter.class.getName() + ": " + before + " lines lost");
        }
    }
}
