package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Simulated processes, each with [Channels] of its own, and what is between them: the real links,
/// over connections of a [SimWorld].
///
/// They reach each other at `tcp:` addresses, which are nowhere else. Everything happens in the
/// thread that lets the world step, one thing at a time; nothing may be called that waits. To close
/// [Channels] ask for it on a loop of their own, by [SimProcess#close()].
public final class SimNetwork {
    private static final int FIRST_PORT = 1024;

    /// Who wants a connection.
    interface Dialler {
        void connected(SimConnection.End end);

        void refused();
    }

    private final SimWorld world;
    private final Map<InetSocketAddress, SimServerSocket> listening = new HashMap<>(); // no order
    private final List<SimConnection> connections = new ArrayList<>();
    private Supplier<SimWeather> weather = SimWeather::fair;
    private int lastHost;
    private int lastPort = FIRST_PORT;

    public SimNetwork(SimWorld world) {
        this.world = world;
    }

    public SimWorld world() {
        return world;
    }

    /// What becomes of the connections that are made from now on; it is asked for each.
    public void weather(Supplier<SimWeather> ofEach) {
        weather = ofEach;
    }

    /// Starts a process on a machine of its own.
    public SimProcess start(ChannelConfig config) {
        int host = ++lastHost;
        return start("10.0." + host / 256 + "." + host % 256, config);
    }

    /// Starts a process on the machine with that numeric address, where another one may have been.
    public SimProcess start(String host, ChannelConfig config) {
        return new SimProcess(this, host, config);
    }

    /// All connections that there ever were, in their order.
    List<SimConnection> connections() {
        return connections;
    }

    @Nullable InetSocketAddress bind(InetSocketAddress asked, SimServerSocket by) {
        InetSocketAddress here =
                asked.getPort() != 0
                        ? asked
                        : new InetSocketAddress(asked.getAddress(), ++lastPort);
        return listening.putIfAbsent(here, by) == null ? here : null;
    }

    void unbind(InetSocketAddress here) {
        listening.remove(here);
    }

    void dial(InetSocketAddress to, Dialler by) {
        SimWeather now = weather.get();
        if (!now.connects()) {
            return;
        }
        world.after(
                world.upTo(now.delayNanos()),
                () -> {
                    SimServerSocket there = listening.get(to);
                    if (there == null) {
                        by.refused();
                        return;
                    }
                    SimConnection made = new SimConnection(world, now, by);
                    connections.add(made);
                    by.connected(made.dialler());
                    there.arrived(made.server());
                });
    }
}
