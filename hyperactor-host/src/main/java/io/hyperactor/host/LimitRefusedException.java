package io.hyperactor.host;

import java.io.IOException;

/// A process was not launched because one of its [ProcLimits] cannot hold.
public final class LimitRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitRefusedException(String message) {
        super(message);
    }

    LimitRefusedException(String message, LimitRefusedException cause) {
        super(message, cause);
    }
}
