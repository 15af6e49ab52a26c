package io.hyperactor;

import io.hyperactor.channel.SimWorld;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One run: hosts with procs, procs that stand alone, and messages between all of them, in bad
/// weather and while they die and come back; all of it out of one seed.
final class RouteSimulation {
    /// What came of a run.
    ///
    /// @param wrongs what was wrong, empty if nothing
    /// @param trace the same for the same seed
    record Outcome(List<String> wrongs, long trace, RouteJudge.Counts counts) {}

    private static final int PROCS_MAX = 3;
    private static final int STEPS_MAX = 200_000;
    private static final long BOOTED = 30 * SimWorld.MILLI;

    private final RouteWorld world;
    private final Post post;
    private final boolean calm;
    private final long storm;
    private final List<Site> sites = new ArrayList<>();
    private final List<Standalone> standalones = new ArrayList<>();
    private final List<Bed> beds = new ArrayList<>();
    private int machines;

    private RouteSimulation(long seed) {
        this.world = new RouteWorld(seed);
        this.post = new Post(world);
        this.calm = world.sim.chance(0.5);
        this.storm = SimWorld.SECOND / 10 + world.sim.anyUpTo(15 * SimWorld.SECOND);
    }

    /// Runs one seed.
    static Outcome run(long seed) {
        return new RouteSimulation(seed).run();
    }

    private String machine() {
        return "10.0.0." + ++machines;
    }

    /// What is wrong in the run of that seed: for those who have loaded this with other classes.
    static List<String> wrongs(long seed) {
        return run(seed).wrongs();
    }

    private static ChannelAddress address(String machine, int port) {
        return new ChannelAddress.Network(Transport.TCP, machine, port);
    }

    // ---- who there is

    /// Where hosts live, one after the other.
    private final class Site {
        final String name;
        final String machine = machine();
        final ChannelAddress front = address(machine, SimHost.FRONT);
        final ChannelAddress back = address(machine, SimHost.BACK);
        final List<Bed> procs = new ArrayList<>();
        SimHost host;
        boolean isUp = true;

        Site(String name) {
            this.name = name;
            this.host = newHost();
            for (int i = world.sim.random().nextInt(PROCS_MAX); i >= 0; i--) {
                Bed bed = new Bed(this, new ProcId(front, name + "p" + i));
                procs.add(bed);
                beds.add(bed);
            }
        }

        private SimHost newHost() {
            return new SimHost(world, post, name, machine);
        }

        /// A host takes its procs with it.
        void crash() {
            if (!isUp) {
                return;
            }
            isUp = false;
            world.kill(host.process);
            procs.forEach(Bed::dieWithHost);
            world.sim.after(
                    world.sim.anyUpTo(2 * SimWorld.SECOND),
                    () -> {
                        host = newHost();
                        isUp = true;
                        routes();
                        procs.forEach(Bed::boot);
                    });
        }

        /// Between two hosts there is a loop.
        void routes() {
            for (Site other : sites) {
                if (other != this) {
                    host.route(loop(), other.front);
                }
            }
        }
    }

    private ProcId loop() {
        return new ProcId(sites.getFirst().front, "loop");
    }

    /// Where the procs of one name at one host live, one after the other.
    private final class Bed {
        final Site site;
        final ProcId id;
        @Nullable SimProc proc;
        SimHost.@Nullable Binding binding;

        Bed(Site site, ProcId id) {
            this.site = site;
            this.id = id;
        }

        void boot() {
            SimHost host = site.host;
            if (!site.isUp || proc != null) {
                return;
            }
            SimProc born = SimProc.behind(world, post, id, site.back, machine());
            proc = born;
            host.admits(id, born.secret);
            world.sim.after(
                    world.sim.anyUpTo(20 * SimWorld.MILLI),
                    () -> {
                        if (proc == born && !host.process.isDead()) {
                            binding = host.bind(id, born.address, born.secret, born.process);
                        }
                    });
        }

        /// The host notices a little later; another one takes its place, which may be bound before
        /// the host has noticed.
        void die() {
            SimProc dead = proc;
            SimHost host = site.host;
            SimHost.Binding bound = binding;
            if (dead == null) {
                return;
            }
            if (world.sim.chance(0.5)) { // with something in its queues
                dead.process.stall(SimWorld.SECOND);
                burstTo(id);
                world.sim.after(world.sim.upTo(5 * SimWorld.MILLI), () -> end(dead, host, bound));
            } else {
                end(dead, host, bound);
            }
        }

        private void end(SimProc dead, SimHost host, SimHost.@Nullable Binding bound) {
            if (proc != dead) {
                return;
            }
            world.kill(dead.process);
            proc = null;
            binding = null;
            boolean moves = world.sim.chance(0.3);
            if (bound != null && !moves) {
                long tellsAfter = world.sim.chance(0.5) ? 0 : world.sim.upTo(20 * SimWorld.MILLI);
                world.sim.after(
                        world.sim.upTo(20 * SimWorld.MILLI),
                        () -> {
                            if (!host.process.isDead()) {
                                host.unbind(id, bound, tellsAfter);
                            }
                        });
            }
            world.sim.after(world.sim.upTo(3 * SimWorld.SECOND), this::boot);
        }

        void dieWithHost() {
            SimProc dead = proc;
            if (dead != null) {
                world.kill(dead.process);
            }
            proc = null;
            binding = null;
        }
    }

    /// Where procs without a host live, one after the other.
    private final class Standalone {
        final String name;
        final String machine = machine();
        final ChannelAddress address = address(machine, SimProc.PORT);
        @Nullable SimProc proc;

        Standalone(String name) {
            this.name = name;
            boot();
        }

        private void boot() {
            proc = SimProc.direct(world, post, name, machine);
        }

        void die() {
            SimProc dead = proc;
            if (dead == null) {
                return;
            }
            if (world.sim.chance(0.5)) {
                SimClient from = any(living()).client;
                ActorId actor = dead.id.actor(any(SimProc.ACTORS), 0);
                burst(from, actor);
                world.sim.after(world.sim.anyUpTo(SimWorld.SECOND), () -> dieOf(dead, from, actor));
            } else {
                end(dead);
            }
        }

        /// With something in its queues, of somebody to whom it has spoken before.
        private void dieOf(SimProc dead, SimClient from, ActorId actor) {
            if (proc == dead && !from.isDead()) {
                dead.process.stall(SimWorld.SECOND);
                burst(from, actor);
                world.sim.after(world.sim.upTo(5 * SimWorld.MILLI), () -> end(dead));
            }
        }

        private void end(SimProc dead) {
            if (proc == dead) {
                world.kill(dead.process);
                proc = null;
                world.sim.after(world.sim.anyUpTo(3 * SimWorld.SECOND), this::boot);
            }
        }
    }

    // ---- what they do

    /// Who can be reached: news for a proc that is not bound yet finds no way.
    private List<SimProc> living() {
        List<SimProc> all = new ArrayList<>();
        standalones.forEach(one -> add(all, one.proc));
        beds.stream().filter(bed -> bed.binding != null).forEach(bed -> add(all, bed.proc));
        return all;
    }

    private static void add(List<SimProc> all, @Nullable SimProc proc) {
        if (proc != null) {
            all.add(proc);
        }
    }

    private <T> T any(List<T> all) {
        return all.get(world.sim.random().nextInt(all.size()));
    }

    private ActorId anybody(SimClient from) {
        double what = world.sim.random().nextDouble();
        Site site = any(sites);
        if (what < 0.02) {
            return new ProcId(site.front, "nowhere").actor("one", 0);
        }
        if (what < 0.04) {
            return any(beds).id.actor("nobody", 0);
        }
        if (what < 0.05) {
            return new ProcId(address("10.0.9.9", 1), "nowhere").actor("one", 0);
        }
        if (what < 0.09 && sites.size() > 1 && standsAlone(from)) {
            return loop().actor("one", 0);
        }
        ProcId proc =
                world.sim.chance(0.75)
                        ? any(beds).id
                        : new ProcId(any(standalones).address, any(standalones).name);
        return proc.actor(any(SimProc.ACTORS), 0);
    }

    /// No host believes others who return messages in the name of its own procs.
    private boolean standsAlone(SimClient client) {
        return standalones.stream().anyMatch(one -> one.name.equals(client.name()));
    }

    private void send(SimClient from, ActorId to) {
        double what = world.sim.random().nextDouble();
        int padding = (int) world.sim.upTo(200);
        if (what < 0.01) {
            from.bomb(to, world.sim.chance(0.5), Duration.ofSeconds(5));
        } else if (what < 0.02) {
            from.tell(to, RouteWorld.FRAME_MAX_BYTES);
        } else if (what < 0.7) {
            from.tell(to, padding);
        } else {
            long limit = SimWorld.SECOND + world.sim.anyUpTo(20 * SimWorld.SECOND);
            from.ask(to, padding, Duration.ofNanos(limit));
        }
    }

    /// Somebody sends some messages to somebody, in a row or with pauses.
    private void burst() {
        List<SimProc> all = living();
        if (all.isEmpty()) {
            return;
        }
        SimClient from = any(all).client;
        burst(from, anybody(from));
    }

    private void burstTo(ProcId proc) {
        List<SimProc> all = living();
        if (!all.isEmpty()) {
            burst(any(all).client, proc.actor(any(SimProc.ACTORS), 0));
        }
    }

    private void burst(SimClient from, ActorId to) {
        if (to.proc().equals(from.id().proc())) {
            return; // inside a proc there is nothing to route
        }
        long pause = world.sim.chance(0.5) ? 0 : world.sim.upTo(100 * SimWorld.MILLI);
        sendOn(from, to, (int) world.sim.upTo(30), pause);
    }

    private void sendOn(SimClient from, ActorId to, int left, long pause) {
        for (int i = left; i > 0 && !from.isDead(); i--) {
            send(from, to);
            if (pause > 0 && i > 1) {
                int rest = i - 1;
                world.sim.after(pause, () -> sendOn(from, to, rest, pause));
                return;
            }
        }
    }

    // ---- the run

    private void schedule() {
        for (int i = world.sim.random().nextInt(3) == 0 ? 1 : 0; i >= 0; i--) {
            sites.add(new Site("h" + sites.size()));
        }
        sites.forEach(Site::routes);
        beds.forEach(Bed::boot);
        for (int i = world.sim.random().nextInt(3); i >= 0; i--) {
            standalones.add(new Standalone("s" + standalones.size()));
        }
        often(10, this::burst);
        often(4, () -> any(beds).die());
        often(2, () -> any(standalones).die());
        if (world.sim.chance(0.15)) {
            sometime(() -> any(sites).crash());
        }
        if (world.sim.chance(0.2)) {
            Site site = any(sites);
            ProcId as = new ProcId(site.front, "service");
            SimClient impostor = SimProc.impostor(world, post, as, machine());
            sometime(() -> burst(impostor, any(site.procs).id.actor("one", 0)));
        }
        often(3, this::stall);
        often(2, this::killActor);
        often(3, () -> living().forEach(SimProc::respawn));
        if (!calm) {
            world.storm(storm);
            often(2, this::standStill);
        }
    }

    private void often(int most, Runnable action) {
        for (int i = world.sim.random().nextInt(most + 1); i > 0; i--) {
            sometime(action);
        }
    }

    private void sometime(Runnable action) {
        world.sim.after(BOOTED + world.sim.anyUpTo(storm), action);
    }

    private void stall() {
        List<SimProc> all = living();
        if (!all.isEmpty()) {
            any(all).process.stall(world.sim.upTo(5 * SimWorld.SECOND));
        }
    }

    private void standStill() {
        List<SimProc> all = living();
        if (!all.isEmpty()) {
            any(all).process.standStill(world.sim.upTo(20 * SimWorld.SECOND));
        }
    }

    private void killActor() {
        List<SimProc> all = living();
        if (!all.isEmpty()) {
            any(all).killActor(any(SimProc.ACTORS));
        }
    }

    private Outcome run() {
        world.story(calm ? "calm" : "stormy", world.isTight() ? "and tight" : "");
        schedule();
        RouteJudge judge = new RouteJudge(world, post, calm);
        long limit = storm + 100 * SimWorld.SECOND;
        int steps = 0;
        while (world.step(limit) && steps < STEPS_MAX) {
            if (++steps % 100 == 0 && isQuiet(judge)) {
                break;
            }
        }
        if (steps >= STEPS_MAX) {
            post.wrongs.add("it does not come to an end");
        }
        return new Outcome(judge.judge(), world.sim.traceHash(), judge.counts());
    }

    private boolean isQuiet(RouteJudge judge) {
        return world.sim.now() > storm + 5 * SimWorld.SECOND && judge.isSettled();
    }
}
