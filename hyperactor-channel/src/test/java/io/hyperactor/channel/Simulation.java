package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// One run: senders, a server, bad weather, crashes, a thief; all of it out of one seed.
final class Simulation {
    /// What came of a run.
    ///
    /// @param wrongs what was wrong, empty if nothing
    /// @param trace the same for the same seed
    /// @param seen what happened to links at least once
    record Outcome(
            List<String> wrongs,
            long trace,
            int sent,
            int unknown,
            int connections,
            Set<String> seen) {}

    private final Mutant mutant;
    private final SimWorld world;
    private final Ledger ledger = new Ledger();
    private final boolean gentle;
    private final boolean slow;
    private final boolean terse;
    private final boolean toTheEnd;
    private final SimDialler.Limits limits;
    private final long storm;
    private final double refusals;
    private final SimLink.Weather fair =
            new SimLink.Weather(
                    SimWorld.MILLI, 2000, Long.MAX_VALUE, Long.MAX_VALUE, SimWorld.MILLI);
    private final int budget;
    private final long blind;
    private final List<Sender> senders = new ArrayList<>();
    private final List<SimDialler> diallers = new ArrayList<>();

    private final Set<String> seen = new TreeSet<>();

    private SimServer server;
    private long incarnations = 100;
    private long links;
    private int sent;

    private Simulation(long seed, Mutant mutant) {
        this.mutant = mutant;
        this.world = new SimWorld(seed);
        this.gentle = world.chance(0.4);
        this.slow = gentle && world.chance(0.2);
        this.terse = world.chance(0.5);
        this.toTheEnd = gentle || world.chance(0.8);
        this.storm = SimWorld.SECOND / 10 + world.anyUpTo((gentle ? 15 : 40) * SimWorld.SECOND);
        this.refusals = world.chance(0.3) ? 0.1 : 0;
        this.budget = 60 + (int) world.upTo(2000);
        this.blind = (gentle ? 2 : 20) * SimWorld.SECOND;
        this.limits =
                new SimDialler.Limits(
                        1 + (int) world.upTo(12),
                        100 + (int) world.upTo(2000),
                        new DialLife.Limits(
                                SimDialler.ADDRESS,
                                10 * SimWorld.MILLI,
                                gentle ? SimWorld.SECOND : 5 * SimWorld.SECOND,
                                30 * SimWorld.SECOND,
                                deadline(),
                                SimWorld.SECOND,
                                5 * SimWorld.SECOND));
        this.server = newServer(++incarnations);
    }

    private long deadline() {
        if (slow) {
            return 20 * SimWorld.SECOND;
        }
        return gentle || world.chance(0.5) ? 30 * SimWorld.SECOND : world.upTo(3 * SimWorld.SECOND);
    }

    /// Runs one seed.
    static Outcome run(long seed, Mutant mutant) {
        return new Simulation(seed, mutant).run();
    }

    private SimServer newServer(long incarnation) {
        return new SimServer(world, ledger, mutant, incarnation, refusals, terse);
    }

    /// A process that sends; when it crashes, another one takes its place.
    private final class Sender {
        private final int messages = 5 + world.random.nextInt(25);
        private final long pace = SimWorld.MILLI + world.upTo(storm / messages);
        private long number = senders.size() + 1L;
        private long process = ++incarnations;
        private int next = 1;
        private @Nullable SimDialler link;

        void start() {
            world.after(pace / 2 + world.random.nextLong(pace), this::send);
        }

        private void send() {
            if (next > messages) {
                return;
            }
            SimDialler to = link;
            if (to == null || to.isOver()) {
                to =
                        new SimDialler(
                                world,
                                ledger,
                                mutant,
                                limits,
                                Simulation.this::connect,
                                process,
                                ++links,
                                seen);
                link = to;
                diallers.add(to);
            }
            int padding = (int) world.upTo(world.chance(0.1) ? 900 : 30);
            if (to.send(number << 32 | next, padding)) {
                next++;
                sent++;
            } else {
                world.after(world.anyUpTo(200 * SimWorld.MILLI), this::send);
                return;
            }
            world.after(pace / 2 + world.random.nextLong(pace), this::send);
        }

        private void crash() {
            if (link != null && !link.isOver()) {
                link.crash();
            }
            number += 1000;
            process = ++incarnations;
        }

        private boolean isDone() {
            return next > messages && (link == null || link.isOver() || link.outstanding() == 0);
        }
    }

    // ---- weather

    private boolean isStormy() {
        return world.now() < storm;
    }

    /// What the network gives to whoever dials now.
    private @Nullable SimLink connect(SimLink.End dialler) {
        return connect(dialler, false);
    }

    private @Nullable SimLink connect(SimLink.End dialler, boolean thief) {
        if (!server.listens()) {
            return null;
        }
        SimLink link = new SimLink(world, isStormy() ? storm() : fair, dialler);
        server.accept(link, thief);
        if (isStormy() && !slow && world.chance(0.5)) {
            world.after(world.anyUpTo(storm - world.now()), () -> link.breakNow(true));
        }
        return link;
    }

    private SimLink.Weather storm() {
        if (slow) { // a long frame takes longer than the deadline, and nothing breaks
            return new SimLink.Weather(
                    SimWorld.SECOND, 2, Long.MAX_VALUE, Long.MAX_VALUE, SimWorld.SECOND);
        }
        return new SimLink.Weather(
                world.upTo(50 * SimWorld.MILLI),
                20 + (int) world.upTo(2000),
                world.chance(0.7) ? world.upTo(budget) : Long.MAX_VALUE,
                world.chance(0.5) ? world.upTo(budget) : Long.MAX_VALUE,
                world.chance(0.3) ? world.anyUpTo(blind) : world.upTo(blind));
    }

    // ---- people

    private void schedule() {
        for (int i = world.random.nextInt(3); i >= 0; i--) {
            Sender sender = new Sender();
            senders.add(sender);
            sender.start();
        }
        for (int i = world.random.nextInt(4); i > 0; i--) {
            world.after(world.anyUpTo(storm), () -> server.full(world.anyUpTo(outage())));
        }
        for (int i = world.random.nextInt(3); i > 0; i--) {
            world.after(world.anyUpTo(storm), this::steal);
        }
        if (!gentle) {
            for (int i = world.random.nextInt(3); i > 0; i--) {
                world.after(world.anyUpTo(storm), this::restart);
            }
            if (world.chance(0.2)) {
                world.after(world.anyUpTo(storm), senders.getFirst()::crash);
            }
        }
    }

    private long outage() {
        return (gentle ? 5 : 40) * SimWorld.SECOND;
    }

    private void restart() {
        SimServer old = server;
        if (world.chance(0.4)) {
            old.closeSoon();
        } else {
            old.crash();
        }
        world.after(
                SimWorld.SECOND + world.anyUpTo(3 * SimWorld.SECOND),
                () -> {
                    if (server == old && !old.listens()) {
                        server =
                                newServer(
                                        mutant == Mutant.REUSED_INCARNATION
                                                ? old.incarnation()
                                                : ++incarnations);
                    }
                });
    }

    /// Somebody knows the number of a session, and perhaps an old ticket.
    private void steal() {
        SimDialler victim = diallers.isEmpty() ? null : diallers.getLast();
        Hello last = victim == null ? null : victim.lastHello();
        Hello old = victim == null ? null : victim.overheard();
        if (last == null) {
            return;
        }
        Secret shown =
                old != null && world.chance(0.5)
                        ? old.ticket()
                        : world.chance(0.5) ? Secret.NONE : Secret.next(world.random);
        Hello forged =
                new Hello(
                        last.features(),
                        last.session(),
                        last.bodyMax(),
                        last.windowBytes(),
                        last.windowFrames(),
                        last.secret(),
                        last.incarnation(),
                        server.incarnation(),
                        shown,
                        0,
                        last.heartbeatMillis());
        SimLink.End thief = SimLink.nobody();
        SimLink link = connect(thief, true);
        if (link != null) {
            int _ = link.write(thief, forged.encode().array());
        }
    }

    // ---- the run

    private Outcome run() {
        schedule();
        long limit = toTheEnd ? storm + 300 * SimWorld.SECOND : world.upTo(storm);
        while (world.step(limit) && !(toTheEnd && isCalm())) {
            // goes on
        }
        List<String> wrongs = new ArrayList<>();
        if (toTheEnd) {
            diallers.stream().filter(link -> !link.isOver()).forEach(SimDialler::close);
            long closed = world.now() + 2 * SimWorld.SECOND;
            while (world.step(closed)) {
                // goes on
            }
            for (SimDialler link : diallers) {
                if (!link.isOver()) {
                    wrongs.add("L2 a close that does not end");
                }
            }
        }
        wrongs.addAll(
                LedgerChecker.check(
                        ledger.entries(),
                        new LedgerChecker.Expectation(
                                limits.windowFrames(), limits.windowBytes(), toTheEnd, gentle)));
        int unknown = 0;
        for (Ledger.Entry entry : ledger.entries()) {
            unknown += entry.kind() == Ledger.Kind.UNKNOWN ? 1 : 0;
        }
        int connections = diallers.stream().mapToInt(SimDialler::connections).sum();
        return new Outcome(wrongs, world.traceHash(), sent, unknown, connections, seen);
    }

    private boolean isCalm() {
        return !isStormy() && senders.stream().allMatch(Sender::isDone);
    }
}
