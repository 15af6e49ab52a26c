package io.hyperactor.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The right to write a link: at most one thread has it, and whoever asks while it is taken is sure
/// that the owner looks again. Nobody waits.
///
/// A sender publishes its frame first and asks then; the owner calls [#look] first and reads what
/// is published then. So one of the two sees the other.
final class WriteTurn {
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int TAKEN_AND_MORE = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(WriteTurn.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // by STATE
    private volatile int state;

    /// Takes the turn if it is free; otherwise its owner will look again.
    boolean take() {
        while (true) {
            int seen = state;
            if (seen == TAKEN_AND_MORE) {
                return false;
            }
            if (seen == FREE) {
                if (STATE.compareAndSet(this, FREE, TAKEN)) {
                    return true;
                }
            } else if (STATE.compareAndSet(this, TAKEN, TAKEN_AND_MORE)) {
                return false;
            }
        }
    }

    /// The owner looks at what is published after this.
    void look() {
        state = TAKEN;
    }

    /// Gives the turn up, unless somebody asked since the owner last looked.
    boolean release() {
        return STATE.compareAndSet(this, TAKEN, FREE);
    }
}
