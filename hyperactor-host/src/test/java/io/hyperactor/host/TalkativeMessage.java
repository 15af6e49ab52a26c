package io.hyperactor.host;

/// The protocol of [TalkativeActor].
sealed interface TalkativeMessage {
    /// Logs a warning with this text and a pair.
    record Warn(String text) implements TalkativeMessage {}

    /// Logs an information, which nobody wants by default.
    record Inform(String text) implements TalkativeMessage {}

    /// Prints bytes on standard output.
    record Print(byte[] bytes) implements TalkativeMessage {}

    /// Logs so many warnings, then one error.
    record Flood(int count) implements TalkativeMessage {}

    /// Logs what is hostile in every way.
    record Hostile() implements TalkativeMessage {}

    /// Logs an error and runs out of memory, which ends the process.
    record Die() implements TalkativeMessage {}
}
