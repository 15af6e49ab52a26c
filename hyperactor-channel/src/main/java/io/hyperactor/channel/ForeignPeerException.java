package io.hyperactor.channel;

import java.io.IOException;
import java.net.SocketAddress;

/// At the other end is another user of this machine, or one that cannot be told.
final class ForeignPeerException extends IOException {
    private final String user;

    ForeignPeerException(SocketAddress peer, String user) {
        super("At " + peer + " is user " + user + ", not " + OwnUser.NAME);
        this.user = user;
    }

    /// A name, a number, or `unknown`.
    String user() {
        return user;
    }
}
