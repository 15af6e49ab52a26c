package io.hyperactor.bench.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Passes connections on to another address of this machine, and can cut them.
final class Relay implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Relay(InetSocketAddress target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::acceptAll);
    }

    /// Where it is reached on the loopback.
    int port() {
        return server.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                accept(server.accept());
            }
        } catch (IOException e) {
            cut(); // it was closed
        }
    }

    private void accept(Socket from) {
        Socket to = new Socket();
        open.add(from);
        open.add(to);
        try {
            to.connect(target);
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
        } catch (IOException e) { // cut already: the next one is another matter
            pass(from, to);
            return;
        }
        Thread.ofVirtual().start(() -> pass(from, to));
        Thread.ofVirtual().start(() -> pass(to, from));
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            var _ = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // cut
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /// Cuts what goes through it now; new connections are passed on.
    void cut() {
        for (Socket socket : List.copyOf(open)) { // not those that come because of the cut
            try {
                socket.close();
            } catch (IOException e) {
                System.err.println("could not close " + socket + ": " + e);
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            System.err.println("could not close " + server + ": " + e);
        }
    }
}
