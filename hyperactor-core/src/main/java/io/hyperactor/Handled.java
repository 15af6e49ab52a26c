package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import java.util.List;

/// Tells the host of a proc which of the messages that it has passed on the proc has dealt with,
/// since it last said so. Sent by a proc as if to itself, to the control port [Marks#PORT] of its
/// agent; its host takes it on the way.
///
/// @param life a random number, the same as long as the proc lives
record Handled(long life, List<Mark> marks) {
    static final MessageType<Handled> TYPE = Protocols.of(Handled.class);

    /// @param incarnation which life of the sender; 0 if it did not say
    /// @param messages how many from there to there were handled, or went back
    record Mark(ActorId sender, long incarnation, ActorId destination, long messages) {
        Mark {
            if (messages <= 0) {
                throw new IllegalArgumentException(messages + " messages");
            }
        }
    }

    Handled {
        marks = List.copyOf(marks);
    }
}
