package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.FaultProxy;
import io.hyperactor.channel.FaultProxy.Way;
import io.hyperactor.channel.Ledger;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/// Fault rows M01 and M02: connections between a sender and a host that are cut.
@SystemTest
@Tag("rows")
class CutsIT {
    private static final int NOTES = 3;
    private static final int STREAMS = 4;
    private static final int BURST = 30_000;
    private static final int TURNS = 4;
    private static final int BURST_RECORDS = 4_000_000;
    private static final int CUT_SECONDS = 3;

    /// How long a connection lives at most; of TLS, which needs some of that for its handshake.
    private static final int LONGEST_MILLIS = 50;

    private static final int LONGEST_TLS_MILLIS = 500;

    @TempDir Path directory;
    @TempDir Path classes;

    @Test
    @Timeout(600)
    void m01ACutAtAnyByteOfAnExchangeCostsNothing() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            int step = FaultRow.times(11, 1);
            ActorRef<Tally> to = run.recipient("p", 100_000);
            LedgerFile ledger = run.ownLedger(100_000);
            try (FaultProxy proxy = FaultProxy.inFrontOf(host.address())) {
                exchange(ledger, 1, to);
                int forth = (int) proxy.bytes(Way.FORTH);
                int back = (int) proxy.bytes(Way.BACK);
                int stream = 2;
                for (int at = 0; at < forth; at += step) {
                    proxy.cutNext(at, Long.MAX_VALUE);
                    exchange(ledger, stream++, to);
                }
                for (int at = 0; at < back; at += step) {
                    proxy.cutNext(Long.MAX_VALUE, at);
                    exchange(ledger, stream++, to);
                }
                run.settle(Patience.LIMIT);
                Judgement judgement = run.assertClean();
                assertThat(judgement.handled()).isEqualTo(judgement.sent());
                // A cut behind what is there to be cut does not happen.
                assertThat(proxy.cuts()).isGreaterThan((forth + back) / step * 9 / 10);
                new FaultRow(
                                "M01",
                                "cut at %d of %d bytes: lost, twice or in doubt"
                                        .formatted(proxy.cuts(), forth + back))
                        .atMost("messages", judgement.sent() - judgement.handled(), 0, stream - 1);
            }
            host.stop();
        }
    }

    /// A sender of its own, so a session of its own.
    private static void exchange(LedgerFile ledger, int stream, ActorRef<Tally> to)
            throws Exception {
        try (Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "sender");
                Client client = SenderProgram.client(proc, ledger, stream)) {
            for (int i = 1; i <= NOTES; i++) {
                ledger.add(Ledger.Kind.SENT, stream, i);
                client.send(to, new Tally.Note(stream, i, new byte[1]));
            }
            proc.flush().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Tag("faults")
    @ParameterizedTest
    @EnumSource(names = {"UNIX", "TCP", "TLS"})
    @Timeout(900)
    void m02ConnectionsThatAreCutAllTheTimeCostNothing(Transport transport) throws Exception {
        long count = FaultRow.times(10_000, 250_000);
        long seconds = FaultRow.times(3, 60);
        int records = (int) (count * STREAMS * 2 + 1_000_000);
        try (Fronted fronted = Fronted.start(directory.resolve("a"), transport);
                Channels channels = new Channels(fronted.channels());
                LedgerRun run =
                        new LedgerRun(directory, fronted.host(), fronted.anyAddress(), channels)) {
            var _ = fronted.host().spawn(run.client(), "p");
            ActorRef<Tally> to = run.recipient("p", records);
            Program sender =
                    run.sender(
                            records, fronted.anyAddress().toString(), List.of(), fronted.flags());
            sender.awaitLine(SenderProgram.SERVING);
            long pause = TimeUnit.SECONDS.toNanos(seconds) / count;
            for (int stream = 1; stream <= STREAMS; stream++) {
                sender.say(SenderProgram.order(stream, count, 64, pause, to.id()));
            }
            int longest = transport == Transport.TLS ? LONGEST_TLS_MILLIS : LONGEST_MILLIS;
            FaultRow row = new FaultRow("M02", transport + ", cut every 1 to " + longest + " ms");
            cutFor(fronted, seconds, longest, row.random());
            int cuts = fronted.cuts();
            for (int stream = 1; stream <= STREAMS; stream++) {
                sender.awaitLine(SenderProgram.SENT);
            }
            run.settle(Patience.LIMIT);
            Judgement judgement = run.assertClean();
            System.out.printf("M02 %s: %d cuts, %s%n", transport, cuts, judgement);
            assertThat(judgement.handled()).as("%s", judgement).isEqualTo(judgement.sent());
            assertThat(cuts).isGreaterThan((int) seconds * 200 / longest);
            row.atMost("wrong", judgement.wrongs().size(), 0, cuts);
            fronted.host().stop();
        }
    }

    /// After some seconds of cuts, against another host, to which nothing happens and the same
    /// bursts go in turns: what the machine does besides slows down both.
    @Tag("faults")
    @ParameterizedTest
    @EnumSource(names = {"UNIX", "TCP"})
    @Timeout(900)
    void m02TheRateIsBackAtOnceWhenNothingIsCutAnyMore(Transport transport) throws Exception {
        int rounds = FaultRow.times(1, 7);
        try (Fronted cut = Fronted.start(directory.resolve("a"), transport);
                Fronted whole = Fronted.start(directory.resolve("b"), transport);
                LedgerRun run = new LedgerRun(directory, cut.host());
                LedgerRun control = new LedgerRun(directory.resolve("b"), whole.host())) {
            var _ = cut.host().spawn(run.client(), "p");
            var _ = whole.host().spawn(control.client(), "p");
            Program sender = run.sender(BURST_RECORDS);
            sender.awaitLine(SenderProgram.SERVING);
            Bursts both =
                    new Bursts(
                            run,
                            sender,
                            run.recipient("p", BURST_RECORDS),
                            control,
                            control.recipient("p", BURST_RECORDS),
                            new AtomicInteger());
            double _ = both.relativeRate(); // until its code is compiled
            FaultRow row = new FaultRow("M02", transport + ", missing of its rate when healed");
            double[] before = new double[rounds];
            double[] after = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                before[round] = both.relativeRate();
                cutFor(cut, CUT_SECONDS, LONGEST_MILLIS, row.random());
                after[round] = both.relativeRate();
                System.out.printf(
                        "M02 %s: %.2f times the rate of the other host before, %.2f after%n",
                        transport, before[round], after[round]);
            }
            double back =
                    median(after) / median(before); // one turn may be any, without a fault too
            row.atMost("%", Math.max(0, Math.round(100 - 100 * back)), 20, rounds);
            assertThat(cut.cuts()).isGreaterThan(rounds * CUT_SECONDS * 4);
            cut.host().stop();
            whole.host().stop();
        }
    }

    private static double median(double[] figures) {
        return Arrays.stream(figures).sorted().toArray()[figures.length / 2];
    }

    /// Bursts of notes to two hosts in turns.
    private record Bursts(
            LedgerRun run,
            Program sender,
            ActorRef<Tally> to,
            LedgerRun control,
            ActorRef<Tally> other,
            AtomicInteger stream) {

        /// The best rate to the first host in proportion to the best one to the other: whatever
        /// else the machine does can only slow down.
        double relativeRate() throws Exception {
            double best = 0;
            double bestOfOther = 0;
            for (int i = 0; i < TURNS; i++) {
                best = Math.max(best, rate(run, to));
                bestOfOther = Math.max(bestOfOther, rate(control, other));
            }
            return best / bestOfOther;
        }

        /// In notes a second.
        private double rate(LedgerRun over, ActorRef<Tally> recipient) throws Exception {
            long handled = over.client().ask(recipient, Tally.Count::new, Patience.LIMIT);
            int number = stream.incrementAndGet();
            long start = System.nanoTime();
            sender.say(SenderProgram.order(number, BURST, 64, 0, recipient.id()));
            sender.awaitLine(SenderProgram.SENT + number);
            while (over.client().ask(recipient, Tally.Count::new, Patience.LIMIT)
                    < handled + BURST) {
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Patience.LIMIT);
            }
            return BURST * 1e9 / (System.nanoTime() - start);
        }
    }

    private static void cutFor(
            Fronted fronted, long seconds, int longestMillis, RandomGenerator random) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(longestMillis)));
            fronted.cut().run();
        }
    }

    /// A host, and what cuts connections to its address.
    ///
    /// @param certificates the folder with them, for TLS
    private record Fronted(
            HostProcess host,
            Runnable cut,
            IntSupplier count,
            Closeable end,
            Optional<Path> certificates)
            implements AutoCloseable {
        static Fronted start(Path directory, Transport transport) throws Exception {
            if (transport == Transport.UNIX) {
                HostProcess host = HostProcess.start(directory);
                return behind(FaultProxy.inFrontOf(host.address()), host);
            }
            var behind = new ChannelAddress.Network(transport, "localhost", freePort());
            if (transport == Transport.TCP) {
                FaultProxy proxy = new FaultProxy(Path.of("unused"), behind);
                String address = proxy.address() + "@" + behind;
                return behind(proxy, HostProcess.start(directory, address));
            }
            Path folder = Files.createDirectories(directory).resolve("certificates");
            var _ = CommandRun.of(Map.of(), "certs", "--host=localhost", folder.toString()).done();
            HostProcess host =
                    HostLaunch.ofWorkers().with(flag(folder)).at(behind.toString()).start();
            var killer = new SocketKiller(behind.port());
            return new Fronted(host, killer::cutNow, killer::cuts, () -> {}, Optional.of(folder));
        }

        /// Its address is that of the proxy.
        private static Fronted behind(FaultProxy proxy, HostProcess host) {
            return new Fronted(host, proxy::cutNow, proxy::cuts, proxy::close, Optional.empty());
        }

        private static String flag(Path certificates) {
            return "-D" + HostProgram.TLS + "=" + certificates;
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        int cuts() {
            return count.getAsInt();
        }

        /// Of programs that speak with it.
        List<String> flags() {
            return certificates.map(Fronted::flag).stream().toList();
        }

        ChannelConfig channels() {
            ChannelConfig standard = ChannelConfig.standard();
            return certificates
                    .map(folder -> standard.withTls(HostProgram.identity(folder)))
                    .orElse(standard);
        }

        /// To be served at by who speaks with it.
        ChannelAddress anyAddress() {
            return certificates.isPresent()
                    ? new ChannelAddress.Network(Transport.TLS, "localhost", 0)
                    : ChannelAddress.any(Transport.UNIX);
        }

        @Override
        public void close() throws IOException {
            host.close();
            end.close();
        }
    }
}
