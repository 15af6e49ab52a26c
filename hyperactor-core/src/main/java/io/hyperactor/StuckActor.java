package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.time.Duration;
import java.util.List;

/// An actor that has not come back from one thing for long: a message, its start or its end.
///
/// Actors whose type may block ([ActorType#blocking]) are not among them.
///
/// @param actor which it is
/// @param lasts for how long at least
/// @param stack where it is, the innermost call first
public record StuckActor(ActorId actor, Duration lasts, List<StackTraceElement> stack) {
    public StuckActor {
        stack = List.copyOf(stack);
    }

    /// With the stack, a line each.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("actor %s has not come back for %d s".formatted(actor, lasts.toSeconds()));
        stack.forEach(call -> text.append("\n\tat ").append(call));
        return text.toString();
    }
}
