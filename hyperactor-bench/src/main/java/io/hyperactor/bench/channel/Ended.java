package io.hyperactor.bench.channel;

import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.TxListener;
import io.hyperactor.channel.UnackedFrames;

/// Says on the standard error when a link has ended that should not have.
final class Ended implements TxListener {
    @Override
    public void ended(CloseReason reason, UnackedFrames frames) {
        if (!(reason instanceof CloseReason.ClosedHere)
                && !(reason instanceof CloseReason.PeerClosed)) {
            System.err.println("link ended: " + reason);
        }
    }
}
