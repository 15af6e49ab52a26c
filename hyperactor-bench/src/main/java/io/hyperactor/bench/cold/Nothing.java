package io.hyperactor.bench.cold;

import io.hyperactor.bench.Jvm;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/// A JVM that does nothing, from its start to its end.
public final class Nothing implements Workload {
    private final List<String> command =
            new Jvm(
                            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                            System.getProperty("java.class.path"))
                    .command(Nothing.class, "nothing");

    private Nothing() {}

    /// Measures until the input ends.
    ///
    /// @param arguments if there are any, it does nothing
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            Worker.run(Nothing::new);
        }
    }

    @Override
    public Round round(int operations) throws IOException, InterruptedException {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }
}
