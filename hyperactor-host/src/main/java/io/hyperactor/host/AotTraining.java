package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Has a JVM write an AOT cache: a child that is no proc but does once what procs do ([Rehearsal])
/// and ends. At the lowest priority, and what it prints is nobody's.
///
/// Of the limits of procs only that of the heap holds, which is a flag. The others may be too
/// tight: it takes a second JVM to write a cache, and a file of tens of MB. A cache that could not
/// be made would be missed by procs with other limits, too.
///
/// **Threads:** any; blocks.
final class AotTraining implements AotCaches.Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(AotTraining.class);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);
    private static final String NAME = "aot-training";

    private final Supplier<ProcLauncher> launcher;

    AotTraining(Supplier<ProcLauncher> launcher) {
        this.launcher = launcher;
    }

    @Override
    public void train(ChildJvm jvm, Path cache) throws IOException, InterruptedException {
        run(jvm.withAotOutput(cache));
        if (!Files.exists(cache)) {
            throw new IOException("the JVM wrote none");
        }
        check(jvm, cache);
    }

    /// A cache that was cut off, by a full disk for example, must not be found by anybody.
    void check(ChildJvm jvm, Path cache) throws IOException, InterruptedException {
        run(
                jvm.withAotCache(cache)
                        .withFlags("-XX:AOTMode=on", "-XX:+VerifySharedSpaces", "-version"));
    }

    private void run(ChildJvm jvm) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(jvm.environment());
        environment.keySet().removeAll(ProcBoot.VARIABLES);
        environment.put(ProcMain.ROLE, ProcMain.TRAINING);
        LaunchedProcess process =
                launcher.get()
                        .launch(
                                new LaunchSpec(
                                        NAME,
                                        quietly(jvm.java().command()),
                                        environment,
                                        jvm.directory(),
                                        NAME));
        ProcExit exit;
        try {
            exit = await(process);
        } finally {
            RehearsalFolder.removeOfChild(process.pid());
        }
        if (!exit.equals(new ProcExit.Exited(0))) {
            throw new IOException("the JVM ended with " + exit);
        }
    }

    private static ProcExit await(LaunchedProcess process)
            throws IOException, InterruptedException {
        try {
            return process.exit().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            end(process);
            throw new IOException("the JVM took more than " + LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            end(process);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }

    /// And waits for it, so that nothing is written any more.
    private static void end(LaunchedProcess process) throws InterruptedException {
        process.signalGroup(Signals.KILL);
        try {
            var _ = process.exit().get(AFTER_KILL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("an AOT training (pid {}) may still run", process.pid(), e);
        }
    }

    private static List<String> quietly(List<String> command) {
        List<String> quiet = new ArrayList<>();
        quiet.addAll(List.of("/bin/sh", "-c", "exec nice -n 19 \"$@\" >/dev/null 2>&1", NAME));
        quiet.addAll(command);
        return quiet;
    }
}
