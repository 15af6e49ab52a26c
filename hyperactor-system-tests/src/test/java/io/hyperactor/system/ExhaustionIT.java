package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.OncePortRef;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Fault row P21: a host runs out of descriptors, processes, or room for sockets. A spawn fails and
/// says why, what it had taken is given back, the procs that are there are served, no processor is
/// burnt, and soon after relief spawns succeed.
@SystemTest
@Tag("faults")
@Timeout(300)
class ExhaustionIT {
    private static final Duration RECOVERED = Duration.ofSeconds(1);
    private static final int BUSY_MAX_PERCENT = 20;
    private static final int TIMES = 20;
    private static final int SILENT = 30;

    @RegisterExtension private final Here here = new Here();

    /// Lifts a limit, or sets it again.
    private interface Limit {
        void set(boolean limited) throws Exception;
    }

    /// @param why what the refusals must name
    private void exhaust(String what, HostProcess host, String why, Limit limit) throws Exception {
        var row = new FaultRow("P21", what);
        host.spawn(here.client(), "jvm");
        ActorRef<Task> worker = host.spawnWorker(here.client(), "jvm", "w");
        limit.set(true);
        int procs = spawnUntilRefused(host, why);
        int before = host.process().descriptors();
        for (int i = 0; i < TIMES; i++) {
            assertThat(refusal(host, "more." + i)).contains(why);
        }
        assertThat(reverse(worker)).isEqualTo("cba");
        assertThat(host.list(here.client())).hasSize(procs + 1);
        row.atMost(
                "descriptors left by " + TIMES + " refused spawns",
                Math.max(0, host.process().descriptors() - before),
                2,
                TIMES);
        row.atMost("percent of a processor when limited", busyPercent(host), BUSY_MAX_PERCENT, 1);

        row.within(
                RECOVERED,
                TIMES,
                round -> {
                    limit.set(true);
                    assertThat(refusal(host, "more." + round)).contains(why);
                    long start = System.nanoTime();
                    limit.set(false);
                    spawnAtLast(host, "relieved." + round);
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    kill(host, "relieved." + round);
                    return took;
                });
        assertThat(reverse(worker)).isEqualTo("cba");
        host.stop();
    }

    private int spawnUntilRefused(HostProcess host, String why) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            var reply = host.request(here.client(), "ready." + i).join();
            if (reply instanceof HostAgentMessage.NotSpawned(_, String refusal)) {
                assertThat(refusal).contains(why);
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    private String refusal(HostProcess host, String name) {
        var reply = host.request(here.client(), name).join();
        assertThat(reply).isInstanceOf(HostAgentMessage.NotSpawned.class);
        return ((HostAgentMessage.NotSpawned) reply).why();
    }

    private void spawnAtLast(HostProcess host, String name) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Patience.LIMIT)
                .until(() ->
                        host.request(here.client(), name).join()
                                instanceof HostAgentMessage.Spawned);
    }

    private void kill(HostProcess host, String name) throws InterruptedException {
        here.client()
                .ask(
                        host.agent(),
                        (OncePortRef<HostAgentMessage.EndReply> replyTo) ->
                                new HostAgentMessage.KillProc(name, replyTo),
                        Patience.LIMIT);
    }

    private String reverse(ActorRef<Task> worker) throws InterruptedException {
        return here.client().ask(worker, to -> new Task.Reverse("abc", to), Patience.AT_ONCE);
    }

    /// While it is asked for nothing, but some connect to it that it may not be able to accept.
    private static long busyPercent(HostProcess host) throws IOException {
        String path = ((ChannelAddress.Unix) host.address()).path();
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < SILENT; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            return host.busyPercent();
        } finally {
            for (SocketChannel one : silent) {
                one.close();
            }
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as("%s: needs root", String.join(" ", command)).isZero();
    }

    @Test
    void p21DescriptorsRunOut() throws Exception {
        try (HostProcess host =
                HostLaunch.ofBoth().under("prlimit", "--nofile=4096:4096").start()) {
            String pid = "--pid=" + host.process().pid();
            exhaust(
                    "descriptors run out",
                    host,
                    "EMFILE",
                    limited -> run("prlimit", pid, "--nofile=" + (limited ? 120 : 4000) + ":4096"));
        }
    }

    /// The limit counts threads too, so the host cannot start those either.
    @Test
    void p21ProcessesRunOut() throws Exception {
        Path group = Path.of("/sys/fs/cgroup/pids/hyperactor-it-" + OsProcess.current().pid());
        assertThat(group.getParent())
                .as("this row needs root and the pids cgroup of v1")
                .isWritable();
        Files.createDirectory(group);
        try (HostProcess host = HostLaunch.ofBoth().start()) {
            Files.writeString(group.resolve("cgroup.procs"), String.valueOf(host.process().pid()));
            exhaust(
                    "processes run out",
                    host,
                    "EAGAIN",
                    limited -> {
                        long now =
                                Long.parseLong(
                                        Files.readString(group.resolve("pids.current")).strip());
                        Files.writeString(
                                group.resolve("pids.max"), limited ? String.valueOf(now) : "max");
                    });
        } finally {
            await().atMost(Patience.LIMIT)
                    .until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
            Files.delete(group);
        }
    }

    /// A child cannot make its socket, and says so with its last words.
    @ParameterizedTest
    @CsvSource({"is full, No space left on device", "is read-only, Read-only file system"})
    void p21TheDirectoryOfSocketsCannotBeWritten(String how, String why) throws Exception {
        here.end(); // its socket would be hidden
        String sockets = Leftovers.directory().resolve("hyperactor").toString();
        Files.createDirectories(Path.of(sockets));
        run("mount", "-t", "tmpfs", "-o", "mode=0700,size=64k,nr_inodes=99", "tmpfs", sockets);
        here.begin();
        var kept = new AtomicInteger();
        try (HostProcess host = HostLaunch.ofBoth().start()) {
            exhaust(
                    "directory of sockets " + how,
                    host,
                    why,
                    limited -> {
                        // that of a killed proc is removed a moment after its end is told
                        kept.compareAndSet(0, inodes(sockets));
                        await().atMost(Patience.LIMIT)
                                .until(() -> !limited || inodes(sockets) <= kept.get());
                        String inodes = "nr_inodes=" + (limited ? kept.get() : 99);
                        String option = how.equals("is full") ? inodes : limited ? "ro" : "rw";
                        run("mount", "-o", "remount," + option, sockets);
                    });
            here.end();
        } finally {
            run("umount", "-l", sockets);
        }
    }

    /// In use; the directory itself is one.
    private static int inodes(String directory) {
        String[] files = new File(directory).list();
        assertThat(files).isNotNull();
        return files.length + 1;
    }
}
