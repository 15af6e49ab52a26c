package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Two machines, as far as their networks go: two namespaces that a cable joins and nothing else
/// does. **Closing** removes them.
final class NetLab implements AutoCloseable {
    static final String LEFT_IP = "10.99.7.1";
    static final String RIGHT_IP = "10.99.7.2";

    private final String left = "hyperactor-it-l" + ProcessHandle.current().pid();
    private final String right = "hyperactor-it-r" + ProcessHandle.current().pid();

    private NetLab() {}

    /// Skips the test, loudly, where there are no namespaces to be had.
    static NetLab make() {
        NetLab lab = new NetLab();
        String why = attempt("ip", "netns", "add", lab.left);
        if (!why.isEmpty()) {
            System.out.println("SKIPPED: this row needs root and 'ip netns': " + why);
            Assumptions.abort("this row needs root and 'ip netns': " + why);
        }
        try {
            lab.connect();
        } catch (Throwable e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    private void connect() {
        run("ip", "netns", "add", right);
        run("ip", "-n", left, "link", "add", "e0", "type", "veth", "peer", "e0", "netns", right);
        for (List<String> end : List.of(List.of(left, LEFT_IP), List.of(right, RIGHT_IP))) {
            run("ip", "-n", end.get(0), "addr", "add", end.get(1) + "/24", "dev", "e0");
            run("ip", "-n", end.get(0), "link", "set", "e0", "up");
            run("ip", "-n", end.get(0), "link", "set", "lo", "up");
        }
    }

    /// What stands in front of a command that runs on the left machine.
    List<String> onTheLeft() {
        return List.of("ip", "netns", "exec", left);
    }

    List<String> onTheRight() {
        return List.of("ip", "netns", "exec", right);
    }

    /// Takes the cable out at the right machine, or puts it in again.
    void cable(boolean in) {
        run("ip", "-n", right, "link", "set", "e0", in ? "up" : "down");
    }

    /// Nothing that the right machine sends arrives any more, or it does again.
    void rightIsMute(boolean mute) {
        run("ip", "-n", right, "route", mute ? "add" : "del", "blackhole", LEFT_IP + "/32");
    }

    private static void run(String... command) {
        assertThat(attempt(command)).as("%s", List.of(command)).isEmpty();
    }

    /// What went wrong.
    private static String attempt(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.onExit().join().exitValue();
            return status == 0 ? "" : "status " + status + ": " + said.strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        List<String> wrong = new ArrayList<>();
        for (String name : List.of(left, right)) {
            wrong.add(attempt("ip", "netns", "del", name));
        }
        assertThat(String.join("", wrong)).as("removing the namespaces").isEmpty();
    }
}
