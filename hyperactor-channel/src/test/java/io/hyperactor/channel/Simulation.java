package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.net.InetSocketAddress;
import java.time.Duration;
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

    private static final ChannelConfig STANDARD = ChannelConfig.standard();
    private static final String SERVER = "10.1.0.1";
    private static final int PORT = 7;
    private static final int BODY_MAX = 1000;

    private final SimWorld world;
    private final SimNetwork network;
    private final Ledger ledger = new Ledger();
    private final boolean garbles;
    private final boolean garblesAnswers;
    private final boolean gentle;
    private final boolean slow;
    private final boolean toTheEnd;
    private final long storm;
    private final int budget;
    private final long blind;
    private final ChannelConfig config;
    private final List<SimSender> senders = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> seen = new TreeSet<>();

    private SimReceiver server;
    private long links;

    /// @param garbles lengths of frames are garbled at times
    private Simulation(long seed, boolean garbles) {
        this.world = new SimWorld(seed);
        this.network = new SimNetwork(world);
        this.garbles = garbles;
        this.garblesAnswers = garbles && world.chance(0.3);
        this.gentle = !garbles && world.chance(0.4);
        this.slow = gentle && world.chance(0.2);
        this.toTheEnd = gentle || garbles || world.chance(0.8);
        this.storm = SimWorld.SECOND / 10 + world.anyUpTo((gentle ? 15 : 40) * SimWorld.SECOND);
        this.budget = 60 + (int) world.upTo(2000);
        this.blind = (gentle ? 2 : 20) * SimWorld.SECOND;
        this.config =
                STANDARD.withFrameMaxBytes(garbles ? 100 * BODY_MAX : BODY_MAX)
                        .withWindow(100 + (int) world.upTo(2000), 1 + (int) world.upTo(12))
                        .withAckTimeout(Duration.ofNanos(deadline()))
                        .withSilentConnections(Duration.ofSeconds(slow ? 30 : 2), 64)
                        .withSessions(
                                new SessionConfig(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(60),
                                        16,
                                        64))
                        .withEvents(this::happened);
        this.network.weather(this::weather);
        this.server = newServer();
    }

    private long deadline() {
        if (slow) {
            return 10 * SimWorld.SECOND;
        }
        return gentle || world.chance(0.5) ? 30 * SimWorld.SECOND : world.upTo(3 * SimWorld.SECOND);
    }

    /// Runs one seed.
    static Outcome run(long seed) {
        return new Simulation(seed, false).run();
    }

    /// Runs one seed with links that garble lengths.
    static Outcome runGarbling(long seed) {
        return new Simulation(seed, true).run();
    }

    /// Runs one seed.
    ///
    /// @return what is wrong first, empty if nothing
    static String firstWrong(boolean garbles, long seed) {
        List<String> wrongs = new Simulation(seed, garbles).run().wrongs();
        return wrongs.isEmpty() ? "" : wrongs.getFirst();
    }

    // ---- for those who take part

    SimWorld world() {
        return world;
    }

    ChannelAddress address() {
        return ChannelAddress.parse("tcp:" + SERVER + ":" + PORT);
    }

    /// A process that sends.
    SimProcess start() {
        return network.start(config);
    }

    long nextLink() {
        return ++links;
    }

    /// How much longer a message is than its number.
    int padding() {
        return (int) world.upTo(world.chance(slow ? 0.4 : 0.1) ? 900 : 30);
    }

    void note(Ledger.Kind kind, long id, long session, long extra) {
        world.trace(kind.name().hashCode(), id);
        ledger.add(kind, id, session, extra);
    }

    void saw(String what) {
        seen.add(what);
        world.trace(6, what.hashCode());
    }

    private void happened(ChannelEvent event) {
        switch (event) {
            case ChannelEvent.DialRetried _ -> saw("retry");
            case ChannelEvent.PeerSuspected _ -> saw("suspect");
            case ChannelEvent.PeerRecovered _ -> saw("recovered");
            case ChannelEvent.Fault(_, Throwable cause) -> faults.add("fault: " + cause);
            case ChannelEvent.ListenerFailed(_, Throwable cause) ->
                    faults.add("listener: " + cause);
            case ChannelEvent.ReceiverFailed(_, Throwable cause) when !garbles ->
                    faults.add("receiver: " + cause);
            case ChannelEvent.AcceptFailed(_, Throwable cause, _) -> faults.add("accept: " + cause);
            default -> {}
        }
    }

    // ---- weather

    private boolean isStormy() {
        return world.now() < storm;
    }

    private SimWeather weather() {
        return isStormy() ? storm() : SimWeather.fair();
    }

    private SimWeather storm() {
        if (slow) { // a long frame takes longer than the deadline, and nothing breaks
            return SimWeather.slow(600 * SimWorld.MILLI, 3);
        }
        SimWeather weather =
                SimWeather.slow(world.upTo(50 * SimWorld.MILLI), 20 + (int) world.upTo(2000));
        if (garbles && world.chance(0.7)) {
            double garbled = world.random.nextDouble() * 0.2;
            weather = garblesAnswers ? weather.garbling(0, garbled) : weather.garbling(garbled, 0);
            if (world.chance(0.5)) {
                return weather; // and nothing else, so that it lasts
            }
        }
        weather =
                weather.breaking(
                        budget(0.7),
                        budget(0.5),
                        world.chance(0.5) ? world.anyUpTo(storm - world.now()) : SimWeather.NEVER,
                        world.chance(0.3) ? world.anyUpTo(blind) : world.upTo(blind));
        if (world.chance(gentle ? 0.02 : 0.1)) {
            weather = weather.silent(budget(0.5), budget(0.5));
        }
        return !gentle && world.chance(0.05) ? weather.unanswered() : weather;
    }

    private long budget(double probability) {
        return world.chance(probability) ? world.upTo(budget) : SimWeather.NEVER;
    }

    // ---- people

    private void schedule() {
        for (int i = world.random.nextInt(3); i >= 0; i--) {
            int messages = 5 + world.random.nextInt(25);
            long pace = SimWorld.MILLI + world.upTo(storm / messages);
            senders.add(new SimSender(this, senders.size() + 1L, messages, pace));
        }
        atAnyTime(3, () -> server.full(world.upTo(outage())));
        atAnyTime(2, this::steal);
        if (!slow) {
            atAnyTime(1, () -> server.standStill(world.upTo(still())));
            atAnyTime(1, () -> senders.getFirst().standStill(world.upTo(still())));
        }
        if (!gentle) {
            atAnyTime(2, this::restart);
            if (world.chance(0.2)) {
                world.after(world.anyUpTo(storm), senders.getFirst()::crash);
            }
        }
    }

    /// While it is stormy, up to `most` times.
    private void atAnyTime(int most, Runnable what) {
        for (int i = world.random.nextInt(most + 1); i > 0; i--) {
            world.after(world.anyUpTo(storm), what);
        }
    }

    private long outage() {
        return (gentle ? 5 : 40) * SimWorld.SECOND;
    }

    private long still() {
        return (gentle ? 3 : 20) * SimWorld.SECOND;
    }

    private SimReceiver newServer() {
        return new SimReceiver(this, network.start(SERVER, config), refusals(), world.chance(0.5));
    }

    /// None where answers are garbled: one that is so long that it hides a refusal makes the next
    /// acknowledgement one of that message too.
    private double refusals() {
        return !garblesAnswers && world.chance(0.3) ? 0.1 : 0;
    }

    private void restart() {
        SimReceiver old = server;
        if (world.chance(0.4)) {
            old.closeSoon();
        } else {
            old.kill();
        }
        world.after(
                SimWorld.SECOND + world.anyUpTo(3 * SimWorld.SECOND),
                () -> {
                    if (server == old && !old.listens()) {
                        old.kill();
                        server = newServer();
                    }
                });
    }

    /// Somebody knows the number of a session, and perhaps an old ticket.
    private void steal() {
        List<Hello> hellos = new ArrayList<>();
        boolean answered = false;
        for (SimConnection each : network.connections()) {
            byte[] said = each.by() instanceof SimThief ? new byte[0] : each.hello();
            if (Greeting.of(said, 0, said.length) instanceof Greeting.Good(Hello hello, _)) {
                hellos.add(hello);
                answered = each.isAnswered();
            }
        }
        if (hellos.isEmpty() || (!answered && hellos.getLast().ticket().isNone())) {
            return; // who is first with a new number has it
        }
        Hello last = hellos.getLast();
        long session = last.session();
        Secret shown = answered && world.chance(0.7) ? usedUp(hellos) : Secret.NONE;
        if (shown.isNone() && world.chance(0.5)) {
            shown = Secret.next(world.random);
        }
        Hello forged =
                new Hello(
                        last.features(),
                        session,
                        last.bodyMax(),
                        last.windowBytes(),
                        last.windowFrames(),
                        last.secret(),
                        last.incarnation(),
                        server.incarnation(),
                        shown,
                        0,
                        last.heartbeatMillis());
        network.dial(
                new InetSocketAddress(SERVER, PORT),
                new SimThief(forged, () -> note(Ledger.Kind.FORGED, session, session, 0)));
    }

    /// An old ticket of the session of the last of these, or none: it has shown another one since.
    private static Secret usedUp(List<Hello> hellos) {
        Hello last = hellos.getLast();
        for (Hello hello : hellos) {
            if (hello.session() == last.session()
                    && !hello.ticket().isNone()
                    && !hello.ticket().equals(last.ticket())) {
                return hello.ticket();
            }
        }
        return Secret.NONE;
    }

    // ---- the run

    private Outcome run() {
        schedule();
        long limit = toTheEnd ? storm + 300 * SimWorld.SECOND : world.upTo(storm);
        while (world.step(limit) && !(toTheEnd && isCalm())) {
            // goes on
        }
        List<String> wrongs = new ArrayList<>(faults);
        if (toTheEnd) {
            if (!areDone()) {
                wrongs.add("L4 messages that have no outcome, for minutes of fine weather");
            }
            close(wrongs);
        }
        wrongs.addAll(
                LedgerChecker.check(
                        ledger.entries(),
                        new LedgerChecker.Expectation(
                                config.windowFrames(), config.windowBytes(), toTheEnd, gentle)));
        if (garbles) { // for lengths that are wrong but make sense nobody can be told what is true
            wrongs.removeIf(wrong -> wrong.startsWith("S5") || wrong.startsWith("enqueued behind"));
        }
        int unknown = 0;
        for (Ledger.Entry entry : ledger.entries()) {
            unknown += entry.kind() == Ledger.Kind.UNKNOWN ? 1 : 0;
        }
        return new Outcome(
                wrongs,
                world.traceHash(),
                senders.stream().mapToInt(SimSender::sent).sum(),
                unknown,
                network.connections().size(),
                seen);
    }

    private void close(List<String> wrongs) {
        senders.forEach(SimSender::close);
        long awake = senders.stream().mapToLong(SimSender::stoppedUntil).max().orElse(0);
        long closed = Math.max(world.now(), awake) + 2 * SimWorld.SECOND;
        while (world.step(closed)) {
            // goes on
        }
        if (!senders.stream().allMatch(SimSender::isClosed)) {
            wrongs.add("L2 a close that does not end");
        }
    }

    private boolean isCalm() {
        return !isStormy() && areDone();
    }

    private boolean areDone() {
        return senders.stream().allMatch(SimSender::isDone);
    }
}
