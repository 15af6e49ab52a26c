package io.hyperactor.bench.process;

import io.hyperactor.bench.Peer;
import io.hyperactor.host.JavaCommand;

import java.io.IOException;

/// A child that is one of our peers' programs.
abstract class PeerChild implements Children.Child {
    private final Peer process;

    /// Starts the program with the flags that procs get and this JVM's class path, and waits for
    /// its address.
    PeerChild(Class<?> main, String... arguments) throws IOException {
        process =
                Peer.launch(
                        JavaCommand.of(main)
                                .withFlags(
                                        "--enable-native-access=ALL-UNNAMED",
                                        "--sun-misc-unsafe-memory-access=allow")
                                .withArguments(arguments)
                                .command());
    }

    String address() {
        return process.address();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void stop() {
        process.close();
    }

    @Override
    public void awaitExit() throws InterruptedException {
        process.awaitExit();
    }
}
