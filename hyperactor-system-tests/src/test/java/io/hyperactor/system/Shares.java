package io.hyperactor.system;

import java.util.Arrays;

/// What share of all that is handled each of several streams has, while all of them have more to
/// send.
///
/// It is looked at in stretches of so many messages, not of time. When a mailbox that was full has
/// room again, whoever is awake first may fill half of it: a busy machine takes seconds to handle
/// that, and all these seconds are one sender's.
final class Shares {
    private Shares() {}

    /// How many times as much as another one any stream has in a stretch, at most. What comes
    /// before all have begun, or after one has ended, does not count.
    ///
    /// @param handled the stream of each message, numbered from 0 on, in the order they were
    ///   handled in
    /// @param stretch how many messages; all there are if they are fewer
    static long worst(int[] handled, int streams, int stretch) {
        int[] first = new int[streams];
        int[] last = new int[streams];
        Arrays.fill(first, handled.length);
        for (int at = 0; at < handled.length; at++) {
            first[handled[at]] = Math.min(first[handled[at]], at);
            last[handled[at]] = at;
        }
        int from = Arrays.stream(first).max().orElseThrow();
        int end = Arrays.stream(last).min().orElseThrow();
        if (end <= from) {
            return handled.length; // one waited until another had sent all
        }
        int length = Math.min(stretch, end - from);
        long worst = 0;
        for (int at = from; at + length <= end; at += length) {
            worst = Math.max(worst, ratio(handled, streams, at, at + length));
        }
        return worst;
    }

    private static long ratio(int[] handled, int streams, int from, int to) {
        long[] share = new long[streams];
        for (int at = from; at < to; at++) {
            share[handled[at]]++;
        }
        long least = Arrays.stream(share).min().orElseThrow();
        long most = Arrays.stream(share).max().orElseThrow();
        return most / Math.max(1, least);
    }
}
