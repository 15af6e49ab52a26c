package io.hyperactor.cli;

/// A piece of one file, cut between words where the file allows it: what one message carries.
///
/// @param id unique in a run
/// @param text its bytes; never changed
/// @param insideWord whether it begins inside a word, which happens when a word is longer than a
///   chunk
@SuppressWarnings(
        "ArrayRecordComponent") // compared by nobody, and a copy would cost as much as the counting
record Chunk(int id, byte[] text, boolean insideWord) {}
