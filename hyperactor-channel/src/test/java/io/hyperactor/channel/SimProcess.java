package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.io.UncheckedIOException;

/// A process in a [SimNetwork]. Its event loop is turned when there is something to do for it, a
/// little late.
public final class SimProcess {
    private static final long LATE = 100 * SimWorld.MICRO;
    private static final long NEVER = Long.MAX_VALUE;

    private final SimWorld world;
    private final String host;
    private final SimSockets sockets;
    private final Channels channels;
    private Runnable onTurn = () -> {};
    private boolean over;
    private long stoppedUntil;
    private long nextTurn = NEVER;
    private long turns;

    /// Who turns the loop stands in for it.
    private static final class NoThread extends Thread {
        NoThread(Runnable task) {
            super(task);
        }

        @Override
        public void start() {}
    }

    SimProcess(SimNetwork network, String host, ChannelConfig config) {
        this.world = network.world();
        this.host = host;
        this.sockets = new SimSockets(network, host, this::wake);
        this.channels =
                new Channels(
                        config.withInsecure(true),
                        new Surroundings(
                                world::now, world.random, world.random, sockets, NoThread::new),
                        false);
        wake();
    }

    public Channels channels() {
        return channels;
    }

    /// What its links say that it is.
    public long incarnation() {
        return channels.context().incarnation();
    }

    /// An address to serve here, port 0 for any.
    public ChannelAddress address(int port) {
        return new ChannelAddress.Network(Transport.TCP, host, port);
    }

    public boolean isOver() {
        return over;
    }

    /// It is killed: nothing of it goes on, and its connections end.
    public void kill() {
        over = true;
        sockets.letGo();
    }

    /// It does nothing for so long, as if it had been stopped.
    public void standStill(long nanos) {
        stoppedUntil = Math.max(stoppedUntil, world.now() + nanos);
    }

    /// Until when it does nothing.
    long stoppedUntil() {
        return stoppedUntil;
    }

    /// Runs `task` on its loop, soon: there nothing waits.
    public void onLoop(Runnable task) {
        boolean _ = channels.context().loop().execute(task);
    }

    /// Closes its [Channels], without waiting for peers, soon.
    public void close() {
        boolean _ = channels.context().loop().execute(channels::close);
    }

    /// @param after is called after each turn of its loop
    public void onTurn(Runnable after) {
        onTurn = after;
    }

    private void wake() {
        turnAt(world.now() + world.upTo(LATE));
    }

    private void turnAt(long time) {
        if (over || time >= nextTurn) {
            return;
        }
        nextTurn = time;
        long mine = ++turns;
        world.after(
                time - world.now(),
                () -> {
                    if (mine == turns) {
                        turn();
                    }
                });
    }

    private void turn() {
        nextTurn = NEVER;
        if (over) {
            return;
        }
        if (stoppedUntil > world.now()) {
            turnAt(stoppedUntil);
            return;
        }
        try {
            long left = channels.context().loop().turn();
            if (left != NEVER) {
                turnAt(world.now() + left + world.upTo(LATE));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        onTurn.run();
    }
}
