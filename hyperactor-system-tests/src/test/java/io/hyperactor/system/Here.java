package io.hyperactor.system;

import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;

/// Gives each test a client in the process of the test, from which it asks hosts in other
/// processes; and removes what those of them leave that it kills.
final class Here implements BeforeEachCallback, AfterEachCallback {
    private Proc proc;
    private Client client;

    Client client() {
        return client;
    }

    /// Makes a new client.
    void begin() {
        proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
        client = proc.client("client");
    }

    /// Ends it.
    void end() {
        client.close();
        proc.close();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        end();
        Leftovers.removeSocketsOfTheKilled();
    }
}
