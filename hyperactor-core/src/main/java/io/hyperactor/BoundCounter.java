package io.hyperactor;

import java.util.concurrent.atomic.LongAdder;

/// What [Counters#count] tells: how often there was more than a fixed bound of this process allows.
/// No message is lost by that; what is, docs/semantics.md says for each, under "Limits".
@SuppressWarnings("ImmutableEnumChecker") // it counts: so nothing is made before something is
public enum BoundCounter {
    /// Procs that have asked another one and are not told at once when it ends: since then many
    /// others have asked it, or many others were asked over that link.
    ASKERS_FORGOTTEN,
    /// Procs in which too many have asked one for each to be known by itself.
    ASKERS_LUMPED,
    /// Pairs of a sender and an actor, with no message in doubt, whose numbers begin with 1 again.
    PAIRS_FORGOTTEN,
    /// How often a message was passed on that has no number: nobody will be told that it is in
    /// doubt.
    MESSAGES_UNNUMBERED,
    /// Messages that came to a crowded place whose senders were not asked to hold back.
    SENDERS_NOT_ASKED,
    /// Words of an actor to hold back, for which all is held that goes to its proc.
    HOLDS_WIDENED,
    /// Words to hold back that were not heeded.
    HOLDS_UNHEEDED,
    /// Links of routers that gave way to others.
    LINKS_DISPLACED,
    /// How often there was no thread any more for what waits behind handlers that block.
    THREADS_EXHAUSTED;

    private final LongAdder count = new LongAdder();

    void add(long more) {
        count.add(more);
    }

    long sum() {
        return count.sum();
    }
}
