package io.hyperactor.system.planted.wire;

import io.hyperactor.system.planted.channel.Downward;

/// Breaks the direction of the modules, and with [Downward] closes a circle.
public final class Upward {
    Downward user;
}
