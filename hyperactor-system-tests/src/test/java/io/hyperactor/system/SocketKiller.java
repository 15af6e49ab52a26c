package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Has the kernel end connections to a port of this machine at once, as a firewall that forgets
/// them does. For connections that nobody can stand between, such as those of TLS.
///
/// Needs root, `ss`, and a kernel that can do so (`CONFIG_INET_DIAG_DESTROY`).
final class SocketKiller {
    private final int port;
    private final AtomicInteger cuts = new AtomicInteger();

    SocketKiller(int port) {
        this.port = port;
    }

    /// Ends all connections to the port.
    void cutNow() {
        try {
            Process ss =
                    new ProcessBuilder(
                                    "ss",
                                    "--kill",
                                    "--no-header",
                                    "--tcp",
                                    "state",
                                    "established",
                                    "sport = :" + port)
                            .redirectErrorStream(true)
                            .start();
            String killed = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(ss.waitFor()).as("ss --kill: %s", killed).isZero();
            cuts.addAndGet((int) killed.lines().count());
        } catch (IOException e) {
            throw new IllegalStateException("this row needs `ss`", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How many connections it has ended.
    int cuts() {
        return cuts.get();
    }
}
