package io.hyperactor.host;

/// The processes that a [ProcessProcManager] keeps ready for procs to come.
///
/// @param wanted how many there should be
/// @param waiting how many there are
public record SpareCount(int wanted, int waiting) {}
