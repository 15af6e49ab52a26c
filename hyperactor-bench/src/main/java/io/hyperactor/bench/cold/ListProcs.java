package io.hyperactor.bench.cold;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.SocketFile;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/// The command line asks a host for its two procs, from its start to its end, as one waits for it.
public final class ListProcs implements Workload {
    private final SocketFile file = new SocketFile();
    private final String address = "unix:" + file.path();
    private final String program;
    private final Process host;

    private ListProcs(String program) throws IOException, InterruptedException {
        this.program = program;
        run("--version"); // builds what is not built
        host = command("host", "--listen", address).redirectError(Redirect.DISCARD).start();
        awaitHost();
        run("spawn", "--host", address, "first", "second");
    }

    private void awaitHost() throws IOException {
        BufferedReader out = host.inputReader();
        String line = out.readLine();
        if (line == null || !line.startsWith("serving ")) {
            throw new IOException("the host said '" + line + "'");
        }
    }

    /// Measures until the input ends.
    ///
    /// @param arguments the program
    public static void main(String[] arguments) {
        Worker.run(() -> new ListProcs(arguments[0]));
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            run("ps", "--host", address);
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }

    private ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        int status =
                command(arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(
                    program + " " + String.join(" ", arguments) + " ended with status " + status);
        }
    }

    @Override
    public void close() {
        host.destroy();
        try (file) {
            host.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
