package io.hyperactor.host;

import org.slf4j.Logger;

/// Logs failures where nothing may be thrown, not even because there is no memory to log them.
final class SafeLog {
    private SafeLog() {}

    /// Logs `why`, if that is possible.
    ///
    /// @param text with a place for each of the next two
    static void error(Logger log, String text, Object first, Object second, Throwable why) {
        try {
            log.error(text, first, second, why);
        } catch (Throwable e) {
            // There is no way to tell.
        }
    }
}
