package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Fault rows P17 and P18: whom a host sends signals, and how many.
@SystemTest
@Tag("faults")
class SignalsIT {
    private static final int REUSES = 300;
    private static final int RACES = 1000;
    private static final int RACES_OF_ONE_RUN = 100;

    private static final List<String> STRACE =
            List.of(
                    "strace",
                    "-f",
                    "--detach-on=execve",
                    "--trace=kill,waitid",
                    "--signal=none",
                    "--output");

    @TempDir Path directory;

    private static Program run(List<String> before, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                Program.javaCommand(
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList(),
                        List.of(),
                        main.getName()));
        command.addAll(List.of(arguments));
        return Program.run(command);
    }

    private static void needs(Path what, String... to) {
        assertThat(Files.isWritable(what))
                .as("this row needs root, %s, and %s", what, List.of(to))
                .isTrue();
    }

    @Test
    @Timeout(300)
    void p17AStrangerWithTheIdOfAnEndedChildIsNeverSignalled() throws Exception {
        needs(Path.of("/proc/sys/kernel/ns_last_pid"), "unshare", "setsid");
        List<String> alone = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        try (Program program = run(alone, PidReuseProgram.class, String.valueOf(REUSES))) {
            int reused = Integer.parseInt(program.awaitLine("reused "));
            int victims = Integer.parseInt(program.awaitLine("victims "));
            assertThat(reused).as("ids that were given away").isGreaterThan(REUSES / 2);
            new FaultRow("P17", "ids given to strangers")
                    .atMost("strangers signalled", victims, 0, reused);
        }
    }

    @Test
    @Timeout(400)
    void p18HoweverManyEndAChildItGetsOneTermAndOneKill() throws Exception {
        needs(Path.of("/proc/self/mem"), "strace");
        int disagreed = 0;
        int signalled = 0;
        int terms = 0;
        int kills = 0;
        for (int i = 0; i < RACES / RACES_OF_ONE_RUN; i++) {
            Path trace = directory.resolve("trace" + i); // ids may be used again in the next run
            List<String> before = new ArrayList<>(STRACE);
            before.add(trace.toString());
            try (Program program =
                    run(
                            before,
                            EndRacesProgram.class,
                            String.valueOf(RACES_OF_ONE_RUN),
                            String.valueOf(FaultRow.SEED + i))) {
                disagreed += Integer.parseInt(program.awaitLine("disagreed "));
                program.output(0);
            }
            Signals sent = Signals.in(trace);
            signalled += sent.terms().size();
            terms = Math.max(terms, max(sent.terms()));
            kills = Math.max(kills, max(sent.kills()));
        }
        assertThat(signalled).as("children signalled").isGreaterThan(RACES / 4);
        var row = new FaultRow("P18", "16 callers end a child at once");
        row.atMost("times not told the same", disagreed, 0, RACES);
        row.atMost("TERM to one child", terms, 1, RACES);
        row.atMost("KILL to one child", kills, 1, RACES);
    }

    private static int max(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /// What was sent to each process group. A KILL that comes before a `waitid` of the same thread
    /// is not counted: the child is dead then, and what is left of its group is swept.
    private record Signals(Map<String, Integer> terms, Map<String, Integer> kills) {
        private static final Pattern CALL =
                Pattern.compile("(\\d+) +(kill|waitid)\\((-?\\w+), (SIG\\w+)?.*");

        static Signals in(Path trace) throws IOException {
            var signals = new Signals(new HashMap<>(), new HashMap<>());
            Map<String, String> lastKill = new HashMap<>(); // of each thread
            for (String line : Files.readAllLines(trace)) {
                Matcher call = CALL.matcher(line);
                if (!call.matches()) {
                    continue;
                }
                String earlier = lastKill.remove(call.group(1));
                if (call.group(2).equals("waitid")) {
                    continue;
                }
                signals.count(earlier);
                if ("SIGTERM".equals(call.group(4))) {
                    signals.terms.merge(call.group(3), 1, Integer::sum);
                } else if ("SIGKILL".equals(call.group(4))) {
                    lastKill.put(call.group(1), call.group(3));
                }
            }
            lastKill.values().forEach(signals::count);
            return signals;
        }

        private void count(@Nullable String killed) {
            if (killed != null) {
                kills.merge(killed, 1, Integer::sum);
            }
        }
    }
}
