package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

/// A sender, in one life, and a destination. Hashed by hand, for a record's own hash code is linked
/// anew in each process that starts.
///
/// @param incarnation of the sender; 0 if it did not say
record Correspondents(ActorId sender, long incarnation, ActorId destination) {
    @Override
    public int hashCode() {
        return 31 * (31 * sender.hashCode() + Long.hashCode(incarnation)) + destination.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Correspondents that
                && incarnation == that.incarnation
                && sender.equals(that.sender)
                && destination.equals(that.destination);
    }
}
