package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;

import java.util.List;
import java.util.Optional;

/// Tells a sender which of its messages had been passed on and were not said to be handled when the
/// proc, or the process that had them, ended. On the control port [#PORT] of the sender, in the
/// name of the destination.
///
/// @param port index of the port that they were sent to
/// @param first number of the first of them, see [Undeliverable.Numbers]
/// @param last number of the last of them
record InDoubt(ActorId destination, long port, long first, long last) {
    static final long PORT = PortId.controlIndex(5);
    static final int SIZE_BYTES = 512; // in memory, roughly
    static final MessageType<InDoubt> TYPE = Protocols.of(InDoubt.class);

    InDoubt {
        var _ = new Undeliverable.Numbers(first, last); // so that it is malformed if they are none
    }

    /// As `sender` is told it.
    Undeliverable undeliverable(ActorId sender) {
        Undeliverable.Numbers numbers = new Undeliverable.Numbers(first, last);
        DeliveryFailure failure =
                new DeliveryFailure(
                        DeliveryFailure.Reason.PROC_DIED, destination.proc() + ", " + numbers);
        return new Undeliverable(
                sender,
                destination.port(port),
                Optional.empty(),
                List.of(failure),
                Undeliverable.Outcome.UNKNOWN,
                Optional.of(numbers));
    }
}
