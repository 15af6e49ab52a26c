package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Fault rows M04 to M06: whoever may open the socket of a host says what makes no sense, too much,
/// or too little.
@SystemTest
@Tag("faults")
class HostileDiallersIT {
    private static final int MALFORMED = 5;
    private static final int TOO_LARGE = 4;
    private static final int NOT_THIS_PROTOCOL = 1;
    private static final int UNSUPPORTED_VERSION = 2;
    private static final int HELLO_TOO_LATE = 7;
    private static final int TOO_MANY_SESSIONS = 9;
    private static final int SESSIONS_OF_A_PROCESS = 256;
    private static final int TOO_MANY_SILENT = 8;
    private static final int FRAME_MAX = 16 << 20;
    private static final int HEADER = 9;
    private static final Duration HELLO_TIME = Duration.ofSeconds(2);

    @TempDir Path directory;
    @TempDir Path classes;

    /// What is said, and the code that it is rejected with.
    private record Word(String what, byte[] bytes, int code) {}

    private static Word claim(String what, long length, int code) {
        return new Word(
                what,
                ByteBuffer.allocate(64)
                        .put(RawDialler.hello(1))
                        .putInt((int) length)
                        .put(RawDialler.DATA)
                        .putLong(1)
                        .array(),
                code);
    }

    private static final List<Word> CLAIMS =
            List.of(
                    claim("limit + 1", FRAME_MAX + HEADER + 1, TOO_LARGE),
                    claim("1 GiB", 1 << 30, TOO_LARGE),
                    claim("2^31 - 1", Integer.MAX_VALUE, TOO_LARGE),
                    claim("-1", -1, TOO_LARGE),
                    claim("-2^31", Integer.MIN_VALUE, TOO_LARGE),
                    claim("0", 0, MALFORMED));

    private static RawDialler dial(ChannelAddress host) {
        try {
            return new RawDialler(host);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// From its last word to the end of the connection.
    private static Duration rejected(ChannelAddress host, Word word) throws IOException {
        try (RawDialler dialler = dial(host)) {
            long start = System.nanoTime();
            int code = dialler.sayInVain(word.bytes).end();
            assertThat(code).as(word.what).isEqualTo(word.code);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static List<Duration> atOnce(int count, Callable<Duration> task) throws Exception {
        List<Future<Duration>> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(64)) {
            for (int i = 0; i < count; i++) {
                all.add(executor.submit(task));
            }
        }
        List<Duration> results = new ArrayList<>();
        for (Future<Duration> each : all) {
            results.add(each.get());
        }
        return results;
    }

    @Test
    @Timeout(300)
    void m04ClaimsOfFramesThatNobodyCanTakeCostNothing() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().with("-Xmx64m").start();
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            Neighbour neighbour = new Neighbour(run.client(), run.recipient("p", 10));
            Duration quiet = neighbour.quiet(Duration.ofSeconds(2));
            new FaultRow("M04", "a frame that claims too much is rejected")
                    .within(
                            Duration.ofMillis(50),
                            CLAIMS.size() * FaultRow.times(5, 50),
                            round -> rejected(host.address(), CLAIMS.get(round % CLAIMS.size())));
            long before = residentMib(host);
            new FaultRow("M04", "1000 such at once, p99 of others beyond 2x")
                    .within(
                            Duration.ofMillis(50),
                            FaultRow.times(1, 20),
                            _ ->
                                    neighbour.disturbedBy(
                                            quiet,
                                            () ->
                                                    atOnce(
                                                            1000,
                                                            () ->
                                                                    rejected(
                                                                            host.address(),
                                                                            CLAIMS.get(2)))));
            // Each claims 16 MiB, and sends a little of it: 4 GiB if anybody believed it.
            List<RawDialler> claimants = new ArrayList<>();
            for (int i = 0; i < SESSIONS_OF_A_PROCESS; i++) {
                claimants.add(claimant(host.address()));
                assertThat(claimants.getLast().answer()).startsWith(RawDialler.ACCEPT);
            }
            try (RawDialler oneTooMany = claimant(host.address())) {
                assertThat(oneTooMany.end()).isEqualTo(TOO_MANY_SESSIONS);
            }
            long grown = residentMib(host) - before;
            new FaultRow("M04", "256 that claim 16 MiB each: the host of 64m grows by")
                    .atMost("MiB", grown, 64, claimants.size());
            for (RawDialler claimant : claimants) {
                claimant.close();
            }
            Duration after = neighbour.quiet(Duration.ofMillis(500));
            assertThat(after).isLessThan(Duration.ofSeconds(1));
            host.stop();
        }
    }

    private static RawDialler claimant(ChannelAddress host) throws IOException {
        return dial(host)
                .say(
                        RawDialler.hello(1),
                        RawDialler.frame(FRAME_MAX, new byte[] {RawDialler.DATA}));
    }

    private static long residentMib(HostProcess host) {
        return host.process().stat().orElseThrow().rssKiB() / 1024;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final List<Word> NONSENSE =
            List.of(
                    new Word("HTTP", ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), NOT_THIS_PROTOCOL),
                    new Word(
                            "TLS hello",
                            new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3},
                            NOT_THIS_PROTOCOL),
                    new Word("zeros", new byte[100], NOT_THIS_PROTOCOL),
                    new Word("SSH", ascii("SSH-2.0-x\r\n"), NOT_THIS_PROTOCOL),
                    new Word("a version of the future", RawDialler.hello(2), UNSUPPORTED_VERSION),
                    new Word("nothing", new byte[0], HELLO_TOO_LATE),
                    new Word("half of a hello", ascii("HYPR"), HELLO_TOO_LATE));

    @Test
    @Timeout(300)
    void m05WhatIsNoProtocolIsRejectedInTimeAndDoesNotFillTheLog() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().start()) {
            int times = FaultRow.times(2, 40);
            FaultRow row = new FaultRow("M05", "nonsense and silence, beyond the time for a hello");
            row.within(
                    Duration.ofMillis(250),
                    times * NONSENSE.size(),
                    round -> {
                        Word word = NONSENSE.get(round % NONSENSE.size());
                        Duration took = rejected(host.address(), word);
                        boolean late = word.code == HELLO_TOO_LATE;
                        if (late) {
                            assertThat(took).isGreaterThanOrEqualTo(HELLO_TIME.minusMillis(50));
                        }
                        return late ? took.minus(HELLO_TIME) : took;
                    });
            long start = System.nanoTime();
            int noise = FaultRow.times(500, 5000);
            for (int i = 0; i < noise; i++) {
                byte[] bytes = new byte[1 + row.random().nextInt(200)];
                row.random().nextBytes(bytes);
                try (RawDialler dialler = dial(host.address())) {
                    int code = dialler.sayInVain(bytes, RawDialler.hello(1)).end();
                    assertThat(code).isPositive();
                }
            }
            long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            host.program().endInput();
            int lines = host.program().output(0).size() - 2; // but "serving" and "closed"
            long allowed = 10 * (1 + seconds + times * 5L);
            new FaultRow("M05", "lines of log for all that").atMost("lines", lines, allowed, noise);
        }
    }

    @Test
    @Timeout(600)
    void m06WhoIsSlowOrComesAndGoesLeavesNothing() throws Exception {
        try (HostProcess host = HostLaunch.ofWorkers().with("-Xmx64m").start();
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            Neighbour neighbour = new Neighbour(run.client(), run.recipient("p", 10));
            churn(host, 500); // what is made once is there
            int descriptors = host.process().descriptors();
            long resident = residentMib(host);
            int rounds = FaultRow.times(2, 5);
            int idle = FaultRow.times(1000, 5000);
            int churn = FaultRow.times(3000, 100_000) / rounds;
            AtomicLong highest = new AtomicLong();
            new FaultRow("M06", "idle and short-lived connections, p99 of others beyond 2x")
                    .within(
                            Duration.ofMillis(20),
                            rounds,
                            _ -> {
                                // What the machine does besides it does now as well.
                                Duration quiet = neighbour.quiet(Duration.ofSeconds(2));
                                List<RawDialler> silent = new ArrayList<>();
                                Duration more =
                                        neighbour.disturbedBy(
                                                quiet,
                                                () -> {
                                                    for (int i = 0; i < idle; i++) {
                                                        silent.add(dial(host.address()));
                                                        highest.accumulateAndGet(
                                                                host.process().descriptors(),
                                                                Math::max);
                                                    }
                                                    churn(host, churn);
                                                    return null;
                                                });
                                for (RawDialler dialler : silent) {
                                    assertThat(dialler.end())
                                            .isIn(0, TOO_MANY_SILENT, HELLO_TOO_LATE);
                                    dialler.close();
                                }
                                return more;
                            });
            new FaultRow("M06", idle + " silent connections: descriptors of the host")
                    .atMost("more", highest.get() - descriptors, 2 * 64 + 36, idle);
            await().atMost(Patience.LIMIT)
                    .until(() -> host.process().descriptors() <= descriptors + 2);
            long grown = residentMib(host) - resident;
            new FaultRow("M06", rounds * churn + " sessions that came and went: the host grows by")
                    .atMost("MiB", grown, 64, rounds * churn);

            List<RawDialler> slow = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                slow.add(dial(host.address()).say(ascii("HYP")));
            }
            long start = System.nanoTime();
            host.stop();
            new FaultRow("M06", "close of a host with 60 half-made connections")
                    .atMost(
                            "ms",
                            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                            12_000,
                            1);
            for (RawDialler dialler : slow) {
                dialler.close();
            }
        }
    }

    /// Sessions that say hello and go, each with a number of its own.
    private static void churn(HostProcess host, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (RawDialler dialler = dial(host.address())) {
                dialler.say(RawDialler.hello(1));
                if (i % 3 == 0) {
                    assertThat(dialler.answer()[0]).isEqualTo(RawDialler.ACCEPT);
                }
            }
            if (i % 1000 == 999) {
                LockSupport.parkNanos(1);
            }
        }
    }
}
