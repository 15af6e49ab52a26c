package io.hyperactor.channel;

import io.hyperactor.wire.ProcId;

/// Who is at the other end of a link, as its server knows: what an [Admission] has decided.
public sealed interface Peer {
    /// Somebody whom the transport lets in, and of whom nothing else is known: see
    /// docs/security.md.
    record Guest() implements Peer {}

    /// A proc, which speaks for itself alone.
    record Member(ProcId proc) implements Peer {}

    /// This process itself, or one that passes on what others say and is believed.
    record Trusted() implements Peer {}
}
