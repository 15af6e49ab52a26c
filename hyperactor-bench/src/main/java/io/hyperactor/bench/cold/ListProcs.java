package io.hyperactor.bench.cold;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The command line asks a host for its procs, from its start to its end, as one waits for it.
public final class ListProcs implements Workload {
    private static final int PROCS = 2;

    private final Path folder = Files.createTempDirectory("hyperactor-bench-");
    private final Path socket = folder.resolve("s");
    private final String program;
    private final Host<ProcAgentMessage> host;

    private ListProcs(String home) throws IOException, InterruptedException {
        program = Path.of(home, "hyperactor").toString();
        run("--version"); // builds what is not built
        host =
                Host.serve(
                        ChannelAddress.parse(address()),
                        ProcessProcManager.running(ProcMain.class));
        for (int i = 0; i < PROCS; i++) {
            var _ = host.spawn("proc-" + i);
        }
    }

    private String address() {
        return "unix:" + socket;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments the source tree
    public static void main(String[] arguments) {
        Worker.run(() -> new ListProcs(arguments[0]));
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            run("ps", "--host", address());
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program);
        builder.command().addAll(List.of(arguments));
        int status =
                builder.redirectErrorStream(true)
                        .redirectOutput(Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(builder.command() + " ended with status " + status);
        }
    }

    @Override
    public void close() {
        host.close();
        try {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        } catch (IOException e) {
            System.err.println("could not delete " + folder + ": " + e);
        }
    }
}
