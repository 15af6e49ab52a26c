package io.hyperactor.system.planted.channel;

import io.hyperactor.system.planted.wire.Upward;

/// Uses what is below it, which is allowed.
public final class Downward {
    Upward used;
}
