package io.hyperactor.cli;

import java.io.PrintStream;

/// A line on a terminal that shows how far the work is, redrawn some times a second.
///
/// **Threads:** one at a time. Whoever made it closes it, which wipes the line.
final class ProgressBar implements WordCountRun.Progress, AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 50_000_000;
    private static final String WIPE = "\r\u001b[K";

    private final PrintStream terminal;
    private final long totalBytes;
    private boolean drawn;
    private long drawnNanos;

    ProgressBar(PrintStream terminal, long totalBytes) {
        this.terminal = terminal;
        this.totalBytes = totalBytes;
    }

    @Override
    public void update(long bytesDone, long words) {
        long now = System.nanoTime();
        if (!drawn || now - drawnNanos >= REDRAW_NANOS) {
            drawn = true;
            drawnNanos = now;
            terminal.print(WIPE + line(bytesDone, totalBytes, words));
            terminal.flush();
        }
    }

    /// For example `[########......................] 27 % 12,345 words`.
    static String line(long done, long total, long words) {
        double share = total <= 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) (share * WIDTH);
        String percent = Integer.toString((int) (share * 100));
        return "["
                + "#".repeat(filled)
                + ".".repeat(WIDTH - filled)
                + "] "
                + " ".repeat(3 - percent.length())
                + percent
                + " %  "
                + Quantity.count(words, "word");
    }

    @Override
    public void close() {
        if (drawn) {
            terminal.print(WIPE);
            terminal.flush();
        }
    }
}
