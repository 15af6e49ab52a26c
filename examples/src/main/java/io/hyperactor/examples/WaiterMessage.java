package io.hyperactor.examples;

import io.hyperactor.ActorRef;
import io.hyperactor.OncePortRef;

import java.util.List;

/// The protocol of the [Waiter]. It crosses procs.
sealed interface WaiterMessage {
    /// Somebody would like the two forks of a seat. He gets [PhilosopherMessage.Eat] when he has
    /// them.
    record Hungry(int seat, ActorRef<PhilosopherMessage> philosopher) implements WaiterMessage {}

    /// Whoever has the two forks of a seat puts them back.
    record Done(int seat) implements WaiterMessage {}

    /// Replies once, as soon as so many meals are over.
    record GetBill(int meals, OncePortRef<Bill> replyTo) implements WaiterMessage {}

    /// What was served.
    ///
    /// @param meals per seat
    /// @param mostAtOnce how many ate at the same time, at most
    record Bill(List<Integer> meals, int mostAtOnce) {}
}
