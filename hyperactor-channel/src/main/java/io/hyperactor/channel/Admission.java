package io.hyperactor.channel;

import java.util.Optional;

/// Decides whom a server talks to, and as whom.
///
/// Asked once for each connection, after its hello and before anything it says is heard. Who
/// connects over `local:` is not asked: it is this process.
@FunctionalInterface
public interface Admission {
    /// Lets in whom the transport lets in.
    static Admission open() {
        return _ -> Optional.of(new Peer.Guest());
    }

    /// Lets in who shows `secret`, and believes whatever it passes on.
    static Admission only(Secret secret) {
        return shown -> secret.matches(shown) ? Optional.of(new Peer.Trusted()) : Optional.empty();
    }

    /// Who it is; empty refuses the connection, with [RejectCode#FORBIDDEN].
    ///
    /// **Threads:** the event loop's: must not block.
    ///
    /// @param shown what the dialler has shown, [Secret#NONE] if nothing; to be compared by
    ///   [Secret#matches]
    Optional<Peer> admit(Secret shown);
}
