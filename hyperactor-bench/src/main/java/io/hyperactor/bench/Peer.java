package io.hyperactor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// The other process of a workload that needs two: a JVM like this one, which tells its address in
/// one line and ends when its input ends, thus also when this process dies.
public final class Peer implements AutoCloseable {
    private static final String PREFIX = "peer ";
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;
    private final BufferedReader out;
    private final String address;

    private Peer(Process process) throws IOException {
        this.process = process;
        this.out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.address = next();
    }

    /// Starts the `main` of a class with the flags and the class path of this JVM, and waits for
    /// its address.
    ///
    /// @throws IOException if it ended without telling one
    public static Peer start(Class<?> main, String... arguments) throws IOException {
        return launch(Jvm.likeThis().command(main, arguments));
    }

    /// Starts any program that tells its address in this way.
    ///
    /// @throws IOException if it ended without telling one
    public static Peer launch(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try {
            return new Peer(process);
        } catch (IOException e) {
            throw new IOException(String.join(" ", command) + " ended without an address", e);
        }
    }

    /// In the other process: tells where it is reached and waits until the input ends.
    public static void serve(String address) throws IOException {
        say(address);
        while (System.in.read() >= 0) {
            // nothing is said but the end
        }
    }

    /// In the other process: tells where it is reached, and answers each line until the input ends.
    ///
    /// @param answer of a line, a line
    public static void serve(String address, UnaryOperator<String> answer) throws IOException {
        say(address);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(answer.apply(line));
        }
    }

    private static void say(String text) {
        System.out.println(PREFIX + text);
        System.out.flush();
    }

    /// Says a line to a process that answers, and waits for that.
    ///
    /// @throws IOException if it ended instead
    public String ask(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return next();
    }

    private String next() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(PREFIX)) {
                return line.substring(PREFIX.length());
            }
        }
        throw new IOException("ended without a word");
    }

    /// What the process told.
    public String address() {
        return address;
    }

    /// The id of the process.
    public long pid() {
        return process.pid();
    }

    /// Waits until the process is gone.
    public void awaitExit() throws InterruptedException {
        process.waitFor();
    }

    /// Tells the process to end, and waits for it.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
