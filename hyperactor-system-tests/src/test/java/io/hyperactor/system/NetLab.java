package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Three machines, as far as their networks go: namespaces on one segment that nothing else is on.
/// **Closing** removes them.
final class NetLab implements AutoCloseable {
    /// A machine.
    enum Machine {
        LEFT(1),
        RIGHT(2),
        THIRD(3);

        private final int number;

        Machine(int number) {
            this.number = number;
        }

        String ip() {
            return "10.99.7." + number;
        }

        /// Of the plug that is its own.
        private String plug() {
            return "e" + number;
        }

        private String namespace() {
            return "hyperactor-it-" + number + "-" + ProcessHandle.current().pid();
        }

        /// What stands in front of a command that runs there.
        List<String> command() {
            return List.of("ip", "netns", "exec", namespace());
        }
    }

    private static final String SEGMENT = "hyperactor-it-s" + ProcessHandle.current().pid();

    private NetLab() {}

    /// Fails where there are no namespaces to be had: what was not seen is not shown.
    static NetLab make() {
        NetLab lab = new NetLab();
        String why = attempt("ip", "netns", "add", SEGMENT);
        assertThat(why).as("this row needs root and 'ip netns'").isEmpty();
        try {
            connect();
        } catch (Throwable e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    private static void connect() {
        run("ip", "-n", SEGMENT, "link", "add", "bridge", "type", "bridge");
        run("ip", "-n", SEGMENT, "link", "set", "bridge", "up");
        for (Machine machine : Machine.values()) {
            String at = machine.namespace();
            String plug = machine.plug();
            run("ip", "netns", "add", at);
            run(
                    "ip", "-n", at, "link", "add", "e0", "type", "veth", "peer", plug, "netns",
                    SEGMENT);
            run("ip", "-n", SEGMENT, "link", "set", plug, "master", "bridge", "up");
            run("ip", "-n", at, "addr", "add", machine.ip() + "/24", "dev", "e0");
            run("ip", "-n", at, "link", "set", "e0", "up");
            run("ip", "-n", at, "link", "set", "lo", "up");
        }
    }

    /// Takes the cable of a machine out, at its other end, or puts it in again.
    void cable(Machine machine, boolean in) {
        run("ip", "-n", SEGMENT, "link", "set", machine.plug(), in ? "up" : "down");
    }

    /// Nothing that one machine sends arrives at the other any more, or it does again.
    void mute(Machine from, Machine to, boolean mute) {
        String what = mute ? "add" : "del";
        run("ip", "-n", from.namespace(), "route", what, "blackhole", to.ip() + "/32");
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
        for (Machine machine : Machine.values()) {
            wrong.add(attempt("ip", "netns", "del", machine.namespace()));
        }
        wrong.add(attempt("ip", "netns", "del", SEGMENT));
        assertThat(String.join("", wrong)).as("removing the namespaces").isEmpty();
    }
}
