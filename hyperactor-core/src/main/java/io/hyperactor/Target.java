package io.hyperactor;

import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

/// Where a router dials. Hashed by hand, for a record's own hash code is linked anew in each
/// process that starts.
///
/// @param secret what is shown there
record Target(ChannelAddress address, Secret secret) {
    /// Where whoever is there needs no secret.
    static Target open(ChannelAddress address) {
        return new Target(address, Secret.NONE);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + secret.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that
                && address.equals(that.address)
                && secret.equals(that.secret);
    }
}
