package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Tells those who have passed messages on to a proc which of them it has handled since it last
/// said so. Sent to the control port [HandledReports#PORT] of one of the senders; each router on
/// the way notes it, and the one that the senders live behind keeps it.
///
/// @param marks none in the first one, with which a proc says that it counts
record Handled(List<Mark> marks) {
    static final MessageType<Handled> TYPE = Protocols.of(Handled.class);

    /// A thousand marks of the longest ids are shorter.
    static final int MAX_BYTES = 1 << 20;

    /// @param incarnation which life of the sender; 0 if it did not say
    /// @param handled how many from there to there were handled
    record Mark(ActorId sender, long incarnation, ActorId destination, long handled) {
        Mark {
            if (handled < 0) {
                throw new IllegalArgumentException(handled + " handled");
            }
        }
    }

    Handled {
        marks = List.copyOf(marks);
    }

    /// What `news` says; null if it is none, or says what its sender cannot know, which is counted.
    static @Nullable Handled in(Envelope news) {
        if (news.typeHash() != TYPE.hash()) {
            return null;
        }
        AtomicReference<@Nullable Handled> said = new AtomicReference<>();
        News.read(news, TYPE, MAX_BYTES, said::set);
        Handled found = said.get();
        if (found != null && !found.isOf(news.sender().proc())) {
            Counters.forbidden(news, "somebody who does not handle what is sent there");
            return null;
        }
        return found;
    }

    private boolean isOf(ProcId proc) {
        return marks.stream().allMatch(mark -> mark.destination().proc().equals(proc));
    }
}
