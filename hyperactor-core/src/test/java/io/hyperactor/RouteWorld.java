package io.hyperactor;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.SimNetwork;
import io.hyperactor.channel.SimWeather;
import io.hyperactor.channel.SimWorld;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Processes with procs in a simulated network, and what has happened to them.
final class RouteWorld {
    private static final long NEVER = Long.MAX_VALUE;
    private static final boolean STORY = Boolean.getBoolean("simulation.story");
    static final int FRAME_MAX_BYTES = 4096;

    final SimWorld sim;
    private final SimNetwork network;
    private final boolean tight;
    private final ChannelConfig channels;
    private final List<SimRuntime> living = new ArrayList<>();
    private final Map<SimRuntime, Long> births = new HashMap<>();
    private final Map<SimRuntime, Long> deaths = new HashMap<>();
    private final Map<ActorId, Long> failures = new HashMap<>();
    private final List<Long> lostNews = new ArrayList<>();
    private long abandoned = Counters.abandoned();

    RouteWorld(long seed) {
        sim = new SimWorld(seed);
        network = new SimNetwork(sim);
        tight = sim.chance(0.3);
        ChannelConfig wide =
                ChannelConfig.standard()
                        .withFrameMaxBytes(FRAME_MAX_BYTES)
                        .withDialWindow(Duration.ofSeconds(5));
        channels = tight ? wide.withWindow(1000 + (int) sim.upTo(4000), frames()) : wide;
    }

    /// Often so few that most of what comes together finds no room.
    private int frames() {
        return 1 + (int) sim.upTo(sim.chance(0.5) ? 2 : 20);
    }

    /// Tells what happens, if somebody wants to read it: `-Dsimulation.story=true`.
    void story(String what, Object of) {
        if (STORY) {
            System.out.println(sim.now() / SimWorld.MICRO + " " + what + " " + of);
        }
    }

    /// Until then connections are bad.
    void storm(long until) {
        network.weather(() -> sim.now() < until ? bad(until) : SimWeather.fair());
    }

    private SimWeather bad(long until) {
        return new SimWeather(
                sim.upTo(50 * SimWorld.MILLI),
                100 + (int) sim.upTo(2000),
                sim.chance(0.9),
                perhaps(0.3),
                perhaps(0.3),
                perhaps(0.1),
                perhaps(0.1),
                sim.chance(0.7) ? sim.anyUpTo(until - sim.now()) : NEVER,
                sim.upTo(20 * SimWorld.SECOND),
                0,
                0);
    }

    private long perhaps(double probability) {
        return sim.chance(probability) ? sim.upTo(4000) : NEVER;
    }

    SimRuntime start(String name, String host) {
        SimRuntime process = new SimRuntime(sim, name, network.start(host, channels));
        living.add(process);
        births.put(process, sim.now());
        story("started", process);
        return process;
    }

    ProcConfig config(SimRuntime process) {
        ProcConfig config =
                ProcConfig.defaults().withChannels(process.channels()).withSendWait(Duration.ZERO);
        return tight
                ? config.withMailboxMaxMessages(2 + (int) sim.upTo(30))
                        .withMailboxMaxBytes(100 + (int) sim.upTo(2000))
                : config;
    }

    void kill(SimRuntime process) {
        sim.trace(20, process.name.hashCode());
        story("killed", process);
        process.kill();
        living.remove(process);
        deaths.put(process, sim.now());
    }

    long birthOf(SimRuntime process) {
        return births.get(process);
    }

    /// Those that served that address when they died, in the order in which they did.
    List<SimRuntime> diedAt(ChannelAddress address) {
        return deaths.keySet().stream()
                .filter(dead -> dead.address(1).equals(address))
                .sorted(Comparator.comparing(deaths::get))
                .toList();
    }

    long deathOf(SimRuntime process) {
        return deaths.getOrDefault(process, Long.MAX_VALUE);
    }

    /// Whether a proc of that name died then.
    boolean hasDied(ProcId proc, long from, long to) {
        for (Map.Entry<SimRuntime, Long> death : deaths.entrySet()) {
            SimRuntime dead = death.getKey();
            if ((proc.equals(dead.id) || proc.address().equals(dead.address(1)))
                    && death.getValue() >= from
                    && death.getValue() <= to) {
                return true;
            }
        }
        return false;
    }

    /// An actor of that name fails.
    void fails(ActorId actor) {
        failures.putIfAbsent(actor, sim.now());
    }

    /// Whether one had by then, or there never is one.
    boolean hasFailed(ActorId actor, long time) {
        return failures.getOrDefault(actor, Long.MAX_VALUE) <= time
                || actor.name().equals("nobody");
    }

    /// Whether there is little room everywhere.
    boolean isTight() {
        return tight;
    }

    /// When news got lost for which nobody can be told, each time.
    List<Long> lostNews() {
        return lostNews;
    }

    /// Does the next thing; false if nothing is to come before `limit`.
    boolean step(long limit) {
        boolean done = sim.step(limit);
        for (; abandoned < Counters.abandoned(); abandoned++) {
            lostNews.add(sim.now());
        }
        for (SimRuntime process : living) {
            process.schedule();
        }
        return done;
    }
}
