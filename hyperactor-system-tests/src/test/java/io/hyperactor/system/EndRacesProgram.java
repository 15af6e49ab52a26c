package io.hyperactor.system;

import io.hyperactor.Client;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.TerminateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.random.RandomGenerator;

/// Sixteen callers at once stop, kill and await a child, which sometimes somebody else kills too.
final class EndRacesProgram {
    private static final int CALLERS = 16;
    private static final Duration GRACE = Duration.ofMillis(5);

    private EndRacesProgram() {}

    /// Prints `disagreed N`: how often the callers were not all told the same.
    ///
    /// @param args how often, and a seed
    public static void main(String[] args) throws Exception {
        RandomGenerator random = new Random(Long.parseLong(args[1]));
        int disagreed = 0;
        try (Host<EchoMessage> host = Hosts.serve(Stub.manager());
                Client client = host.systemProc().client("test")) {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                String name = (random.nextBoolean() ? "ready." : "ready-deaf.") + i;
                ProcHandle<EchoMessage> proc = host.spawn(name).handle();
                boolean external = random.nextInt(3) == 0;
                disagreed += toldBy(proc, client, external).size() == 1 ? 0 : 1;
            }
        }
        System.out.println("disagreed " + disagreed);
        Runtime.getRuntime().halt(0);
    }

    private static Set<ProcExit> toldBy(ProcHandle<?> proc, Client client, boolean external)
            throws Exception {
        var start = new CyclicBarrier(CALLERS + 1);
        List<CompletableFuture<ProcExit>> told = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int caller = i;
            CompletableFuture<ProcExit> one = new CompletableFuture<>();
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            start.await();
                            one.complete(end(caller, proc, client));
                        } catch (Throwable e) {
                            one.completeExceptionally(e);
                        }
                    });
            told.add(one);
        }
        OsProcess process = OsProcess.of(proc.pid().orElseThrow());
        start.await();
        if (external) {
            process.signalIfAlive("KILL");
        }
        Set<ProcExit> exits = new HashSet<>();
        for (CompletableFuture<ProcExit> one : told) {
            exits.add(one.get());
        }
        return exits;
    }

    private static ProcExit end(int caller, ProcHandle<?> proc, Client client) throws Exception {
        try {
            return switch (caller % 4) {
                case 0, 1 -> proc.terminate(client, GRACE, "test");
                case 2 -> caller == 2 ? proc.kill() : proc.exit().get();
                default -> proc.exit().get();
            };
        } catch (TerminateException.AlreadyTerminated e) {
            return e.exit();
        }
    }
}
