package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Sees to it that nothing of the children outlives this process, however that ends: a small
/// process of its own, which knows the process groups of the children and kills them when this one
/// is gone, with the control group in which all of them are if there is one, and then what is left
/// with a mark of the launcher ([LaunchMarks]). The parent-death signal reaches a child only, not
/// what that has started.
///
/// The process is started with the first child, and again when it was killed, after a pause that
/// grows. It is told of every group after its start and before its leader is reaped, so that it
/// never holds an id that can be another's. It is a shell that reads lines from a pipe; the end of
/// that pipe is the end of this process.
///
/// **Threads:** one.
final class Guardian {
    private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);

    /// Read by dash, bash and BusyBox. It starts with the control group as `$1` and the mark as
    /// `$2`, which may both be empty, and the process groups as the others.
    ///
    /// What has the mark is stopped, looked at again, and only then killed: a shell knows a process
    /// by its id alone, and one that is stopped does not end and leave its id to another.
    private static final String SCRIPT =
            """
            trap '' HUP INT TERM; c=$1; m=$2; shift 2; g=" $* "
            while read -r o i; do case $o in
            +) g="$g$i " ;;
            -) case $g in *" $i "*) g="${g%%" $i "*} ${g#*" $i "}" ;; esac ;;
            esac; done
            for i in $g; do kill -s KILL -- "-$i"; done
            [ -n "$c" ] && echo 1 >"$c/cgroup.kill"
            n=0; while [ -n "$c" ] && [ -d "$c" ] && [ $n -lt 100 ]; do
            rmdir "$c"/*/ "$c" || sleep 0.05; n=$((n+1)); done
            cd /proc && [ -n "$m" ] || exit
            n=0; k=0; while [ $k -lt 2 ] && [ $n -lt 200 ]; do n=$((n+1))
            f=$(grep -lsF -e "$m" [0-9]*/environ); k=$((k+1)); [ -z "$f" ] && continue
            k=0; for i in $f; do kill -s STOP "${i%/*}"; done
            for i in $(grep -lsF -e "$m" $f); do kill -s KILL "${i%/*}"; done
            for i in $f; do kill -s CONT "${i%/*}"; done; sleep 0.01
            done
            """;

    static final long PAUSE_MIN_NANOS = 10_000_000;
    static final long PAUSE_MAX_NANOS = 5_000_000_000L;

    /// A guardian that lived this long was not ended by what ended the one before it.
    static final long HEALTHY_NANOS = 10_000_000_000L;

    /// A guardian process.
    interface Running {
        /// Writes `line` without blocking.
        ///
        /// @return false if that was impossible
        boolean tell(byte[] line);

        /// Kills it. It ends by itself at the end of its pipe, but then kills what it holds.
        void kill();
    }

    /// Starts a guardian process.
    interface Starter {
        /// Starts `command`: the path of the program and its arguments.
        Running start(List<String> command) throws IOException;
    }

    private final long pid;
    private final Starter starter;
    private final Supplier<Optional<Path>> cgroup;
    private final Optional<String> mark;
    private final LongSupplier nanoTime;
    private final Set<Integer> groups = new LinkedHashSet<>();

    private @Nullable Running running;
    private boolean useless; // it runs, but will be replaced
    private long startedAt;
    private long pause = PAUSE_MIN_NANOS;
    private long notBefore;
    private boolean failedBefore;
    private boolean closed;

    /// @param pid of this process, for those who look at the other one
    /// @param cgroup the control group to kill as well, asked at each start
    /// @param mark what the marks of all children begin with
    /// @param nanoTime a clock like [System#nanoTime()]
    Guardian(
            long pid,
            Starter starter,
            Supplier<Optional<Path>> cgroup,
            Optional<String> mark,
            LongSupplier nanoTime) {
        this.pid = pid;
        this.starter = starter;
        this.cgroup = cgroup;
        this.mark = mark;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /// A child has started, the leader of the group `id`.
    void started(int id) {
        groups.add(id);
        if (running == null) {
            startIfDue();
        } else {
            tell("+ " + id);
        }
    }

    /// The leader of the group `id` has ended, and is about to be reaped.
    void ending(int id) {
        if (groups.remove(id)) {
            tell("- " + id);
        }
    }

    /// The guardian process has ended.
    void lost() {
        if (running != null) {
            running = null;
            if (closed) {
                return;
            }
            if (nanoTime.getAsLong() - startedAt >= HEALTHY_NANOS) {
                pause = PAUSE_MIN_NANOS;
            }
            failed("has ended", null);
            startIfDue();
        }
    }

    /// Starts a guardian process if there is something to guard, none runs and the pause is over.
    void startIfDue() {
        if (running != null || groups.isEmpty() || nanosToStart() > 0) {
            return;
        }
        try {
            startedAt = nanoTime.getAsLong();
            running = starter.start(command());
            useless = false;
        } catch (IOException | RuntimeException e) {
            failed("cannot be started", e);
        }
    }

    /// How long until [#startIfDue()] has something to do; negative if nothing is to be waited for.
    long nanosToWait() {
        return running != null || groups.isEmpty() ? -1 : nanosToStart();
    }

    /// Ends the guardian process for good. There must be nothing left to guard.
    void close() {
        closed = true;
        if (running != null) {
            running.kill();
        }
    }

    /// Whether a guardian process runs.
    boolean isRunning() {
        return running != null;
    }

    /// One that does not take a line is stuck or dead, and may hold the id of a group that is no
    /// more: it must not live to use it.
    private void tell(String line) {
        if (running != null
                && !useless
                && !running.tell((line + "\n").getBytes(StandardCharsets.US_ASCII))) {
            useless = true;
            running.kill();
        }
    }

    private long nanosToStart() {
        return Math.max(0, notBefore - nanoTime.getAsLong());
    }

    private void failed(String how, @Nullable Exception why) {
        notBefore = nanoTime.getAsLong() + pause;
        pause = Math.min(2 * pause, PAUSE_MAX_NANOS);
        if (!failedBefore) {
            failedBefore = true;
            LOG.warn("The guardian of child processes {}; another one is started", how, why);
        }
    }

    private List<String> command() {
        String what = ": hyperactor guardian of " + pid + "; "; // for those who read `ps`
        var command = new ArrayList<>(List.of("/bin/sh", "-c", what + SCRIPT, "hyperactor"));
        command.add(cgroup.get().map(Path::toString).orElse(""));
        command.add(mark.map(text -> LaunchMarks.VARIABLE + "=" + text).orElse(""));
        groups.forEach(id -> command.add(String.valueOf(id)));
        return command;
    }
}
