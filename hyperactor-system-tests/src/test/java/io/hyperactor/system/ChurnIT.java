package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Fault row P20: a host that has spawned and ended thousands of procs has no more descriptors,
/// threads, children, files and memory than before. It is looked at from outside.
@SystemTest
@Tag("faults")
class ChurnIT {
    private static final int IN_FLIGHT = 16;
    private static final int SPARES = 4;
    private static final int OF_SPARES = 100;
    private static final int LEAK_MAX = 2;
    private static final int KIB_PER_CYCLE_MAX = 1;

    /// What a JVM grows by all the same: it compiles what has been called often by then.
    private static final int KIB_BY_ITSELF = 1024;

    /// The heap is there from the start, and nothing is compiled by C2: whenever that gets to a
    /// large method it takes tens of megabytes, which stay with the process.
    private static final String[] ALL_IS_THERE = {
        "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"
    };

    /// So many stubs first: what is loaded, compiled and pooled once is there then.
    private static final int WARM_UP = 3000;

    /// A JVM says more than a stub does.
    private static final int JVMS_WARM_UP = 300;

    private Proc here;
    private Client client;

    @BeforeEach
    void begin() {
        here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
        client = here.client("client");
    }

    @AfterEach
    void close() {
        client.close();
        here.close();
    }

    /// What a host uses.
    private record Use(long descriptors, long threads, long children, long files, long rssKiB) {
        static Use of(HostProcess host, Observer observer) throws IOException {
            OsProcess.Stat stat = host.process().stat().orElseThrow();
            return new Use(
                    host.process().descriptors(),
                    stat.threads(),
                    observer.look().size(),
                    filesAndGroups(),
                    stat.rssKiB());
        }

        private static long filesAndGroups() throws IOException {
            try (Stream<Path> ours = Files.walk(Leftovers.directory())) {
                return ours.count()
                        + list(new File("/sys/fs/cgroup"))
                                .flatMap(Use::list)
                                .filter(group -> group.getName().startsWith("hyperactor"))
                                .flatMap(group -> Stream.concat(Stream.of(group), list(group)))
                                .filter(File::isDirectory)
                                .count();
            }
        }

        /// Empty if it is gone or no folder: others come and go.
        private static Stream<File> list(File folder) {
            File[] files = folder.listFiles();
            return files == null ? Stream.empty() : Stream.of(files);
        }
    }

    @Test
    @Timeout(1800)
    void p20AThousandJvms() throws Exception {
        try (HostProcess host = HostLaunch.ofBoth().with(ALL_IS_THERE).start();
                var observer = Observer.watching()) {
            cycles(host, WARM_UP, i -> "ready." + i);
            cycles(host, JVMS_WARM_UP, i -> "jvm" + i);
            churn("1,000 JVMs", host, observer, 1000, i -> "jvm" + i);
            host.stop();
        }
    }

    @Test
    @Timeout(600)
    void p20TenThousandStubs() throws Exception {
        try (HostProcess host = HostLaunch.ofStubs().with(ALL_IS_THERE).start();
                var observer = Observer.watching()) {
            cycles(host, WARM_UP, i -> "ready." + i);
            churn("10,000 stubs", host, observer, 10_000, i -> "ready." + i);
            host.stop();
        }
    }

    @Test
    @Timeout(600)
    void p20AThousandStubsAtOnce() throws Exception {
        try (HostProcess host = HostLaunch.ofStubs().with(ALL_IS_THERE).start();
                var observer = Observer.watching()) {
            cycles(host, WARM_UP, i -> "ready.warm" + i); // what is loaded once
            aThousandAtOnce(host, "ready.early"); // what so many take is kept for the next
            Use before = Use.of(host, observer);
            aThousandAtOnce(host, "ready.");
            Use after = settled(host, observer, before);
            report("1,000 stubs at once", 1000, before, after);
            reportMemory("1,000 stubs at once", 1000, before, after);
            host.stop();
        }
    }

    private void aThousandAtOnce(HostProcess host, String prefix) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            host.spawn(client, prefix + i);
        }
        assertThat(host.list(client)).hasSize(1000);
        var done = new CountDownLatch(1000);
        for (int i = 0; i < 1000; i++) {
            var _ = kill(host, prefix + i).thenRun(done::countDown);
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /// As many again are started for those that are taken.
    @Test
    @Timeout(600)
    void p20JvmsThatWereSpares() throws Exception {
        try (HostProcess host = HostLaunch.ofJvms(SPARES).with(ALL_IS_THERE).start();
                var observer = Observer.watching()) {
            cycles(host, IN_FLIGHT, i -> "warm" + i); // and the AOT cache is made
            Use before = withSpares(host, observer);
            cycles(host, OF_SPARES, i -> "jvm" + i);
            report("JVMs that were spares", OF_SPARES, before, withSpares(host, observer));
            host.stop();
        }
    }

    /// What it uses when all spares are there and wait: one that is still on its way has fewer
    /// descriptors.
    private static Use withSpares(HostProcess host, Observer observer) {
        var last = new AtomicReference<>(new Use(0, 0, 0, 0, 0));
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(3))
                .until(() -> {
                    Use now = Use.of(host, observer);
                    Use before = last.getAndSet(now);
                    return Observer.runningButGuardians().size() == 1 + SPARES
                            && now.descriptors() == before.descriptors();
                });
        return last.get();
    }

    private void churn(
            String what, HostProcess host, Observer observer, int count, IntFunction<String> names)
            throws Exception {
        Use before = Use.of(host, observer);
        long start = System.nanoTime();
        cycles(host, count, names);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        System.out.printf("P20 %s in %d ms, %d in flight%n", what, millis, IN_FLIGHT);
        Use after = settled(host, observer, before);
        report(what, count, before, after);
        reportMemory(what, count, before, after);
    }

    /// Spawns and kills as many procs; every one of them must become ready and end.
    private void cycles(HostProcess host, int count, IntFunction<String> names)
            throws InterruptedException {
        var inFlight = new Semaphore(IN_FLIGHT);
        var failed = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            String name = names.apply(i);
            inFlight.acquire();
            var _ =
                    host.request(client, name)
                            .thenCompose(reply -> {
                                HostProcess.spawned(reply); // or it says why not
                                return kill(host, name);
                            })
                            .whenComplete((end, failure) -> {
                                if (!(end instanceof HostAgentMessage.Ended)) {
                                    System.out.println(name + ": " + end + ", " + failure);
                                    failed.incrementAndGet();
                                }
                                inFlight.release();
                            });
        }
        inFlight.acquire(IN_FLIGHT);
        assertThat(failed).as("of %d cycles", count).hasValue(0);
    }

    private CompletableFuture<HostAgentMessage.EndReply> kill(HostProcess host, String name) {
        return client.request(
                host.agent(),
                replyTo -> new HostAgentMessage.KillProc(name, replyTo),
                Patience.LIMIT);
    }

    /// Threads that are kept for a while end; what is a leak stays.
    private static Use settled(HostProcess host, Observer observer, Use before) throws IOException {
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> leaks(before, Use.of(host, observer)) <= LEAK_MAX);
        } catch (ConditionTimeoutException e) {
            System.out.println("P20 does not settle");
        }
        return Use.of(host, observer);
    }

    private static long leaks(Use before, Use after) {
        return Stream.of(
                        after.descriptors() - before.descriptors(),
                        after.threads() - before.threads(),
                        after.children() - before.children(),
                        after.files() - before.files())
                .reduce(0L, Math::max);
    }

    private static void report(String what, int cycles, Use before, Use after) {
        var row = new FaultRow("P20", what);
        System.out.printf("P20 %s: before %s, after %s%n", what, before, after);
        row.atMost("descriptors", after.descriptors() - before.descriptors(), LEAK_MAX, cycles);
        row.atMost("threads", after.threads() - before.threads(), LEAK_MAX, cycles);
        row.atMost("processes", after.children() - before.children(), 0, cycles);
        row.atMost("files and cgroups", after.files() - before.files(), LEAK_MAX, cycles);
    }

    private static void reportMemory(String what, int cycles, Use before, Use after) {
        var row = new FaultRow("P20", what);
        long most = (long) KIB_PER_CYCLE_MAX * cycles + KIB_BY_ITSELF;
        row.atMost("KiB", after.rssKiB() - before.rssKiB(), most, cycles);
    }
}
