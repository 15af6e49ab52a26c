package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.channel.FaultProxy;
import io.hyperactor.channel.FaultProxy.Way;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Fault row M03: frames that are doubled, swapped, left out, repeated, cut short and changed on
/// their way, in both directions, while somebody sends.
@SystemTest
@Tag("faults")
class TamperedIT {
    private static final int NOTES = 400;
    private static final int NOTES_MAX = 8_000;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final byte DATA = 1;
    private static final byte ACK = 17;
    private static final int KIND = 4; // where it is in a frame
    private static final int NUMBER = 5;
    private static final int LATE = 5; // which frame of a connection is tampered with

    @TempDir Path directory;
    @TempDir Path classes;

    /// What is done on the way.
    ///
    /// @param loses whether messages may come back by it
    private record Fault(String what, Way way, boolean loses, Rules rules) {
        Fault(String what, Way way, boolean loses, FrameTamper.Rule rule) {
            this(what, way, loses, (Rules) () -> rule);
        }
    }

    /// Makes a rule for each connection.
    @FunctionalInterface
    private interface Rules {
        FrameTamper.Rule rule();
    }

    private static byte[] numbered(byte[] frame, long change) {
        byte[] changed = frame.clone();
        ByteBuffer at = ByteBuffer.wrap(changed);
        at.putLong(NUMBER, at.getLong(NUMBER) + change);
        return changed;
    }

    private static byte[] flipped(byte[] frame, int at, int mask) {
        byte[] changed = frame.clone();
        changed[at] ^= (byte) mask;
        return changed;
    }

    private static FrameTamper.Rule all(byte kind, FrameTamper.Rule rule) {
        return (i, frame) -> frame[KIND] == kind ? rule.instead(i, frame) : List.of(frame);
    }

    private static Rules nth(byte kind, int count, FrameTamper.Rule rule) {
        return () -> {
            AtomicInteger seen = new AtomicInteger();
            return all(
                    kind,
                    (i, frame) ->
                            seen.incrementAndGet() == count
                                    ? rule.instead(i, frame)
                                    : List.of(frame));
        };
    }

    private static Rules swap(byte kind, int count) {
        return () -> {
            AtomicInteger seen = new AtomicInteger();
            AtomicReference<byte[]> kept = new AtomicReference<>();
            return all(
                    kind,
                    (_, frame) -> {
                        int now = seen.incrementAndGet();
                        if (now == count) {
                            kept.set(frame);
                            return List.of();
                        }
                        return now == count + 1 ? List.of(frame, kept.get()) : List.of(frame);
                    });
        };
    }

    private static FrameTamper.Rule repeatTheFirst() {
        AtomicReference<byte[]> first = new AtomicReference<>();
        return all(
                DATA,
                (i, frame) -> {
                    first.compareAndSet(null, frame);
                    return i % LATE == 0 ? List.of(frame, first.get()) : List.of(frame);
                });
    }

    private static final List<Fault> FAULTS =
            List.of(
                    new Fault("data doubled", Way.FORTH, false, all(DATA, (_, f) -> List.of(f, f))),
                    new Fault(
                            "old data repeated",
                            Way.FORTH,
                            false,
                            (Rules) TamperedIT::repeatTheFirst),
                    new Fault("data swapped", Way.FORTH, true, swap(DATA, LATE)),
                    new Fault(
                            "data left out", Way.FORTH, true, nth(DATA, LATE, (_, _) -> List.of())),
                    new Fault(
                            "number skipped",
                            Way.FORTH,
                            true,
                            nth(DATA, LATE, (_, f) -> List.of(numbered(f, 1)))),
                    new Fault(
                            "data cut short",
                            Way.FORTH,
                            true,
                            nth(DATA, LATE, (_, f) -> List.of(Arrays.copyOf(f, f.length - 3)))),
                    new Fault("cut in data", Way.FORTH, false, nth(DATA, LATE, (_, _) -> null)),
                    new Fault(
                            "unknown kind",
                            Way.FORTH,
                            true,
                            nth(DATA, LATE, (_, f) -> List.of(flipped(f, KIND, 0x40)))),
                    new Fault(
                            "length flipped up",
                            Way.FORTH,
                            true,
                            nth(DATA, LATE, (_, f) -> List.of(flipped(f, 0, 0x40)))),
                    new Fault(
                            "length negative",
                            Way.FORTH,
                            true,
                            nth(DATA, LATE, (_, f) -> List.of(flipped(f, 0, 0x80)))),
                    new Fault("acks doubled", Way.BACK, false, all(ACK, (_, f) -> List.of(f, f))),
                    new Fault(
                            "every second ack lost",
                            Way.BACK,
                            false,
                            all(ACK, (i, f) -> i % 2 == 0 ? List.of() : List.of(f))),
                    new Fault(
                            "acks from the future",
                            Way.BACK,
                            true,
                            nth(ACK, 2, (_, f) -> List.of(numbered(f, 1_000_000)))),
                    new Fault(
                            "acks go back",
                            Way.BACK,
                            true,
                            nth(ACK, 3, (_, f) -> List.of(f, numbered(f, -1)))),
                    new Fault(
                            "ack cut short",
                            Way.BACK,
                            true,
                            nth(ACK, 2, (_, f) -> List.of(Arrays.copyOf(f, f.length - 3)))),
                    new Fault(
                            "ack of unknown kind",
                            Way.BACK,
                            true,
                            nth(ACK, 2, (_, f) -> List.of(flipped(f, KIND, 0x40)))),
                    new Fault("acks swapped", Way.BACK, true, swap(ACK, 2)),
                    new Fault("cut at an ack", Way.BACK, false, nth(ACK, 2, (_, _) -> null)));

    @Test
    @Timeout(2400)
    void m03TamperedFramesAreDroppedOrEndTheirSessionAndHarmNobodyElse() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            var _ = host.spawn(run.client(), "p");
            Neighbour neighbour = new Neighbour(run.client(), run.recipient("p", 10));
            ActorRef<Tally> to = run.recipient("p", 1_000_000);
            try (FaultProxy proxy = FaultProxy.inFrontOf(host.address())) {
                Duration quiet = neighbour.quiet(Duration.ofSeconds(2));
                AtomicInteger stream = new AtomicInteger();
                new FaultRow("M03", "frames tampered with, p99 of others beyond 2x")
                        .within(
                                Duration.ofMillis(20),
                                FaultRow.times(1, 20),
                                _ ->
                                        neighbour.disturbedBy(
                                                quiet,
                                                () -> {
                                                    for (Fault fault : FAULTS) {
                                                        send(
                                                                run,
                                                                proxy,
                                                                fault,
                                                                stream.incrementAndGet(),
                                                                to);
                                                    }
                                                    return null;
                                                }));
                Judgement judgement = run.assertClean();
                new FaultRow("M03", FAULTS.size() + " ways to tamper with frames: wrong outcomes")
                        .atMost("messages", judgement.wrongs().size(), 0, stream.get());
                System.out.println("M03 " + judgement);
            }
            host.stop();
        }
    }

    /// By a sender that has no other link, and goes on sending after the fault.
    private static void send(
            LedgerRun run, FaultProxy proxy, Fault fault, int stream, ActorRef<Tally> to)
            throws Exception {
        AtomicInteger changed = new AtomicInteger();
        proxy.tamper(fault.way, () -> new FrameTamper(fault.way, fault.rules.rule(), changed));
        try (LedgerSender sender = new LedgerSender(run)) {
            sender.send(stream, to, NOTES, PAUSE_NANOS);
            // Until there were as many acknowledgements as the fault waits for.
            for (long i = NOTES + 1; changed.get() == 0 && i <= NOTES_MAX; i++) {
                sender.sendOne(stream, to, i);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            proxy.tamper(fault.way, () -> bytes -> bytes);
            run.settle(Patience.LIMIT);
            assertThat(changed).as("%s has happened", fault.what).hasPositiveValue();
        }
        Judgement judgement = run.judge();
        assertThat(judgement.wrongs()).as("%s: %s", fault.what, judgement).isEmpty();
        long back = run.back(stream);
        System.out.printf("M03 %-22s %d came back%n", fault.what, back);
        if (!fault.loses) {
            assertThat(back).as("%s: came back", fault.what).isZero();
        }
    }
}
