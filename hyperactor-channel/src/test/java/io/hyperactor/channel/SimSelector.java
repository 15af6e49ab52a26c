package io.hyperactor.channel;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Knows which sockets of a simulated process are ready, and never waits for them: whoever would is
/// woken instead.
final class SimSelector extends AbstractSelector {
    /// A socket of [SimSockets].
    interface Source {
        /// What would not have to wait now.
        int readyOps();
    }

    private final SimSockets sockets;
    private final Runnable wake;
    private final List<Key> keys = new ArrayList<>();
    private final Set<SelectionKey> selected = new HashSet<>();

    /// @param wake is called when a socket gets ready, or somebody asks for it
    SimSelector(SimSockets sockets, Runnable wake) {
        super(sockets);
        this.sockets = sockets;
        this.wake = wake;
    }

    private final class Key extends AbstractSelectionKey {
        private final AbstractSelectableChannel channel;
        private int interest;
        private int ready;

        Key(AbstractSelectableChannel channel) {
            this.channel = channel;
        }

        private int readyNow() {
            return interest & ((Source) channel).readyOps();
        }

        private void check() {
            if (!isValid()) {
                throw new CancelledKeyException();
            }
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return SimSelector.this;
        }

        @Override
        public int interestOps() {
            check();
            return interest;
        }

        @Override
        public SelectionKey interestOps(int ops) {
            check();
            if ((ops & ~channel.validOps()) != 0) {
                throw new IllegalArgumentException("ops " + ops);
            }
            interest = ops;
            if (readyNow() != 0) {
                wake.run();
            }
            return this;
        }

        @Override
        public int readyOps() {
            check();
            return ready;
        }
    }

    /// Something may have become possible at a socket.
    void changed(AbstractSelectableChannel channel) {
        if (isOpen() && channel.keyFor(this) instanceof Key key) {
            if (key.isValid() && key.readyNow() != 0) {
                wake.run();
            }
        }
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object with) {
        Key key = new Key(channel);
        key.attach(with);
        keys.add(key);
        key.interestOps(ops);
        return key;
    }

    @Override
    public Set<SelectionKey> keys() {
        return Collections.unmodifiableSet(new HashSet<>(keys));
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return selected;
    }

    private void dropCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (!cancelled.isEmpty()) {
                keys.removeIf(cancelled::contains);
                cancelled.forEach(key -> deregister((AbstractSelectionKey) key));
                cancelled.clear();
            }
        }
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) {
        dropCancelled();
        List<Key> ready = new ArrayList<>();
        for (Key key : keys) {
            key.ready = key.readyNow();
            if (key.ready != 0) {
                ready.add(sockets.any(ready.size() + 1), key);
            }
        }
        ready.forEach(action);
        return ready.size();
    }

    @Override
    public int selectNow() {
        return selectNow(selected::add);
    }

    @Override
    public int select(long timeout) {
        return selectNow();
    }

    @Override
    public int select() {
        return selectNow();
    }

    @Override
    public Selector wakeup() {
        wake.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {
        keys.forEach(AbstractSelectionKey::cancel);
        dropCancelled();
    }
}
