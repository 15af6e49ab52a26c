package io.hyperactor.cli;

import io.hyperactor.OncePortRef;

/// The protocol of [WordCounter]. Crosses procs, but only between processes of one version.
sealed interface WordCounterMessage {
    /// Replies once, with how many words begin in the text.
    ///
    /// @param insideWord whether the text goes on with a word
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Count(byte[] text, boolean insideWord, OncePortRef<Long> replyTo)
            implements WordCounterMessage {}
}
