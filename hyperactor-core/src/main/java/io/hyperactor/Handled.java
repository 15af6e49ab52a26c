package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import java.util.List;

/// Tells the host of a proc which of the messages that it has passed on the proc has dealt with,
/// since it last said so. Sent by a proc as if to itself, to the control port [HandledReports#PORT]
/// of its agent; its host takes it on the way.
///
/// @param life a random number, the same as long as the proc lives
/// @param marks none in the first one, with which a proc says that it counts
record Handled(long life, List<Mark> marks) {
    static final MessageType<Handled> TYPE = Protocols.of(Handled.class);

    /// A thousand marks of the longest ids are shorter.
    static final int MAX_BYTES = 1 << 20;

    /// @param incarnation which life of the sender; 0 if it did not say
    /// @param handled how many from there to there were handled
    /// @param back how many went back without having been: these need not be the first ones
    record Mark(ActorId sender, long incarnation, ActorId destination, long handled, long back) {
        Mark {
            if (handled < 0 || back < 0) {
                throw new IllegalArgumentException(handled + " handled, " + back + " back");
            }
        }
    }

    Handled {
        marks = List.copyOf(marks);
    }
}
