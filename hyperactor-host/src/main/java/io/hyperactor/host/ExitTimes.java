package io.hyperactor.host;

/// When the end of a process came how far, by a clock like [System#nanoTime()].
///
/// @param detected the kernel said that it has ended
/// @param reaped it was asked how
/// @param handedOn all that was killed with it was gone, and a thread was asked to tell
record ExitTimes(long detected, long reaped, long handedOn) {}
