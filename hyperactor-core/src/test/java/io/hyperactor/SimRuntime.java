package io.hyperactor;

import io.hyperactor.channel.Channels;
import io.hyperactor.channel.SimProcess;
import io.hyperactor.channel.SimWorld;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// What is above the links in one process of a [RouteWorld]: its timers and activations, which the
/// world runs on its own thread, a little late.
final class SimRuntime implements Clockwork {
    private static final Duration SPARE_LIFE = Duration.ofSeconds(1);
    private static final long LATE = 100 * SimWorld.MICRO;
    private static final long NEVER = Long.MAX_VALUE;

    final String name;
    final OwnProcess own;
    @Nullable ProcId id; // of the one proc that ends with it
    private final SimWorld world;
    private final SimProcess process;
    private final Dispatcher dispatcher;
    private final Timers timers;
    private boolean runs; // an activation is about to
    private long looksAt = NEVER; // after its timers
    private long stalledUntil;
    private long standsUntil;

    SimRuntime(SimWorld world, String name, SimProcess process) {
        this.world = world;
        this.name = name;
        this.process = process;
        this.timers = new Timers(world::now);
        // its workers never start: the world does what they would
        this.dispatcher = new Dispatcher(name, 1, SPARE_LIFE, _ -> {}, _ -> {});
        this.own = new OwnProcess(this, dispatcher);
    }

    Channels channels() {
        return process.channels();
    }

    ChannelAddress address(int port) {
        return process.address(port);
    }

    /// What its links say that it is.
    long incarnation() {
        return process.incarnation();
    }

    boolean isDead() {
        return process.isOver();
    }

    void kill() {
        process.kill();
    }

    /// Nothing of it goes on for so long.
    void standStill(long nanos) {
        process.standStill(nanos);
        standsUntil = Math.max(standsUntil, world.now() + nanos);
        stall(nanos);
    }

    // ---- what runs in it

    /// Has the world do what there is to do by now.
    void schedule() {
        if (!runs && !dispatcher.shared.isEmpty()) {
            runs = true;
            world.after(world.upTo(LATE), this::activate);
        }
        long at = world.now() + Math.max(0, Math.min(timers.untilNext(), NEVER / 2));
        if (at < looksAt && at < NEVER / 2) {
            looksAt = at;
            world.after(at - world.now(), () -> look(at));
        }
    }

    private void activate() {
        long wait = stalledUntil - world.now();
        if (wait > 0 && !isDead()) {
            world.after(wait, this::activate);
            return;
        }
        runs = false;
        Runnable next = isDead() ? null : dispatcher.next();
        if (next != null) {
            next.run();
        }
    }

    private void look(long at) {
        if (at != looksAt || isDead()) {
            return;
        }
        long wait = standsUntil - world.now();
        if (wait > 0) {
            world.after(wait, () -> look(at));
            return;
        }
        looksAt = NEVER;
        timers.step();
    }

    /// Its actors get no processor for so long.
    void stall(long nanos) {
        stalledUntil = Math.max(stalledUntil, world.now() + nanos);
        if (!runs) {
            runs = true;
            world.after(nanos, this::activate);
        }
    }

    /// When they had one again, the last time that they had none.
    long stalledUntil() {
        return stalledUntil;
    }

    @Override
    public String toString() {
        return name + " at " + process.address(0);
    }

    // ---- as its clockwork

    @Override
    public long nanoTime() {
        return world.now();
    }

    @Override
    public long random() {
        return world.random().nextLong();
    }

    @Override
    public long secret() {
        return random();
    }

    @Override
    public Timers.Timer after(Duration delay, Runnable action) {
        return timers.set(delay, action);
    }

    @Override
    public void apart(Runnable action) {
        process.onLoop(action);
    }
}
