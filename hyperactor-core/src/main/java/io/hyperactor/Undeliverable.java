package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.PortId;

import java.util.List;
import java.util.Optional;

/// A message that came back to its sender.
///
/// @param sender who had sent it
/// @param destination where it should have gone
/// @param message the message itself when it never left this process or can be decoded here
/// @param failures why, first the root cause, then what later hops added; never empty
/// @param outcome what is known about its fate
public record Undeliverable(
        ActorId sender,
        PortId destination,
        Optional<Object> message,
        List<DeliveryFailure> failures,
        Outcome outcome) {
    /// What a sender may believe about a message that came back. Its order is wire format.
    public enum Outcome {
        /// It was never handed to its destination and never will be.
        NOT_DELIVERED,
        /// It was on its way when the link ended: it may have arrived, at most once.
        UNKNOWN
    }

    public Undeliverable {
        failures = List.copyOf(failures);
        if (failures.isEmpty()) {
            throw new IllegalArgumentException("an undeliverable names at least one failure");
        }
    }

    /// The root cause.
    public DeliveryFailure failure() {
        return failures.getFirst();
    }

    @Override
    public String toString() {
        String what = message.map(m -> m.getClass().getSimpleName() + " ").orElse("");
        String certainty = outcome == Outcome.UNKNOWN ? " (outcome unknown)" : "";
        return "undeliverable message "
                + what
                + "to "
                + destination
                + " from "
                + sender
                + ": "
                + failure()
                + certainty;
    }
}
