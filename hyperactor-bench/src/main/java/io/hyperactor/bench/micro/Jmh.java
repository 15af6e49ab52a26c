package io.hyperactor.bench.micro;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.concurrent.TimeUnit;

/// Has JMH run one benchmark: a round is a JVM of its own, with warm-up and measurement, and an
/// operation is a millisecond of each iteration.
public final class Jmh implements Workload {
    private static final int WARMUPS = 5;
    private static final int ITERATIONS = 5;

    private final String benchmark;

    private Jmh(String benchmark) {
        this.benchmark = benchmark;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments class and method, as JMH finds them
    public static void main(String[] arguments) {
        Worker.run(() -> new Jmh(arguments[0]));
    }

    @Override
    public Round round(int operations) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(operations);
        var options =
                new OptionsBuilder()
                        .include("^" + benchmark.replace(".", "\\.") + "$")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(1)
                        .warmupIterations(WARMUPS)
                        .warmupTime(time)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(time)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build();
        double nanos = new Runner(options).runSingle().getPrimaryResult().getScore();
        return Round.of(Figure.EACH, nanos);
    }
}
