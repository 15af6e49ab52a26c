package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// All that the simulation knows of one message.
final class Letter {
    /// That it came back.
    record Back(Undeliverable.Outcome outcome, DeliveryFailure.Reason reason, long at) {}

    /// How an ask ended.
    ///
    /// @param back null if it did not come back
    record Answer(Kind kind, @Nullable Back back, long at) {
        enum Kind {
            ANSWERED,
            CAME_BACK,
            HANDLER_FAILED,
            TIMED_OUT,
            ASKER_ENDED
        }
    }

    final long id;
    final SimClient sender;
    final ActorId to;
    final boolean isAsk;
    final boolean isLarge;
    final long sentAt;
    final long limitAt; // of an ask

    long passedAt; // by whom it came to last
    int handled;
    long handledAt;
    final List<Back> backs = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();

    /// The bindings that it was passed on by, one of each host on its way.
    final List<SimHost.Binding> passed = new ArrayList<>();

    /// The hosts that it was passed on by.
    final List<SimRuntime> hosts = new ArrayList<>();

    /// The answer to it came back to who had answered.
    boolean isAnswerBack;

    /// It was one of several of which a host said that they are in doubt.
    boolean inDoubt;

    Letter(
            long id,
            SimClient sender,
            ActorId to,
            boolean isAsk,
            boolean isLarge,
            long sentAt,
            long limitAt) {
        this.id = id;
        this.sender = sender;
        this.to = to;
        this.isAsk = isAsk;
        this.isLarge = isLarge;
        this.sentAt = sentAt;
        this.limitAt = limitAt;
        this.passedAt = sentAt;
    }

    boolean isReturned() {
        return !backs.isEmpty();
    }

    /// Whether it surely never was with whom it was for, as its sender was told.
    boolean isNotDelivered() {
        return backs.stream()
                .anyMatch(back -> back.outcome() == Undeliverable.Outcome.NOT_DELIVERED);
    }

    /// A proc gave it back, and ended before its host had heard that it had arrived at all; and so
    /// may the host for whom it had that from.
    boolean isBackBothWays() {
        long unknown =
                backs.stream()
                        .filter(back -> back.outcome() == Undeliverable.Outcome.UNKNOWN)
                        .count();
        return unknown > 0
                && unknown <= hosts.size() + 1
                && backs.size() > 1
                && backs.size() <= unknown + 1;
    }

    boolean isSettled() {
        return isAsk ? !answers.isEmpty() : handled > 0 || isReturned() || inDoubt;
    }

    @Override
    public String toString() {
        return "%d.%d %s %s to %s, sent %d, handled %d at %d, back %s, answers %s%s"
                .formatted(
                        id >>> 32,
                        id & 0xffff_ffffL,
                        isAsk ? "ask" : "tell",
                        sender.name(),
                        to,
                        sentAt / 1000,
                        handled,
                        handledAt / 1000,
                        backs,
                        answers,
                        inDoubt ? ", in doubt" : "");
    }
}
