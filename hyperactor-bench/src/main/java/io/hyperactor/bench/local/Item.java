package io.hyperactor.bench.local;

/// A message with nothing to do but to be counted.
public record Item(long number) {}
