package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The sockets of one simulated process, as the JDK would make them; closed when it dies.
final class SimSockets extends SelectorProvider {
    /// What can be let go of without the process.
    interface Let {
        void go();
    }

    private final SimNetwork network;
    private final String host;
    private final Runnable wake;
    private final Set<Let> open = new LinkedHashSet<>();
    private @Nullable SimSelector selector;

    /// @param wake is called when there is something to do for who selects
    SimSockets(SimNetwork network, String host, Runnable wake) {
        this.network = network;
        this.host = host;
        this.wake = wake;
    }

    SimNetwork network() {
        return network;
    }

    InetSocketAddress address(int port) {
        return new InetSocketAddress(host, port);
    }

    int any(int bound) {
        return bound == 1 ? 0 : network.world().random.nextInt(bound);
    }

    void opened(Let one) {
        open.add(one);
    }

    void closed(Let one) {
        open.remove(one);
    }

    void changed(AbstractSelectableChannel channel) {
        if (selector != null) {
            selector.changed(channel);
        }
    }

    /// Closes what is open as the kernel does when the process is gone.
    void letGo() {
        List.copyOf(open).forEach(Let::go);
        open.clear();
    }

    @Override
    public AbstractSelector openSelector() {
        selector = new SimSelector(this, wake);
        return selector;
    }

    @Override
    public SimServerSocket openServerSocketChannel() {
        return new SimServerSocket(this);
    }

    @Override
    public SimSocket openSocketChannel() {
        return new SimSocket(this);
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException();
    }
}
