package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.PortId;

import java.util.List;
import java.util.Optional;

/// A message that came back to its sender; or, without the messages themselves, several that a
/// proc, or a process that was to pass them on, had taken when it ended.
///
/// @param sender who had sent it
/// @param destination where it should have gone
/// @param message the message itself when it never left this process or can be decoded here
/// @param failures why, first the root cause, then what later hops added; never empty
/// @param outcome what is known about its fate
/// @param numbers which ones, if these are several that were in doubt when their proc ended
public record Undeliverable(
        ActorId sender,
        PortId destination,
        Optional<Object> message,
        List<DeliveryFailure> failures,
        Outcome outcome,
        Optional<Numbers> numbers) {
    /// What a sender may believe about a message that came back. Its order is wire format.
    public enum Outcome {
        /// It was not handled and never will be.
        NOT_DELIVERED,
        /// It was on its way when the link ended: it may have arrived, at most once.
        UNKNOWN
    }

    /// Which of the messages from one sender to one destination, numbered from 1 in the order they
    /// were sent in since the proc was started, or since the process that it was in was dialled
    /// first, if that is the one that ended: those before the first of these were handled, came
    /// back as [Outcome#UNKNOWN], or were told of before. Requests have no number, nor has what
    /// came back as [Outcome#NOT_DELIVERED], wherever from.
    public record Numbers(long first, long last) {
        public Numbers {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException(first + " to " + last);
            }
        }

        /// How many they are.
        public long count() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return "messages " + first + " to " + last;
        }
    }

    /// One message.
    public Undeliverable(
            ActorId sender,
            PortId destination,
            Optional<Object> message,
            List<DeliveryFailure> failures,
            Outcome outcome) {
        this(sender, destination, message, failures, outcome, Optional.empty());
    }

    /// How many messages this is about.
    public long count() {
        return numbers.map(Numbers::count).orElse(1L);
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
