package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Finds out what it costs to put elements, or keys, into a hash table: those of one hash code are
/// all compared with each other, unless they have an order that the table can use.
final class Collisions {
    /// So few are not worth a look.
    static final int FREE = 64;

    private static final long INT = 0xFFFF_FFFFL;

    private final boolean looks;
    private long[] seen = {}; // hash code and bytes, in one number each
    private int count;

    private @Nullable Class<?> known;
    private boolean isOrdered;

    /// @param elements how many there are said to be
    Collisions(int elements) {
        this.looks = elements > FREE;
    }

    /// An element of that many bytes has come.
    ///
    /// @return whether there are twice as many as when it was true the last time, so that it is
    ///   time to look at the [#cost()]
    boolean add(Object element, int bytes) {
        if (!looks || isOrdered(element.getClass())) {
            return false;
        }
        boolean isFull = count == seen.length;
        if (isFull) {
            seen = Arrays.copyOf(seen, Math.max(FREE, 2 * count));
        }
        seen[count++] = (long) element.hashCode() << 32 | bytes;
        return isFull;
    }

    /// Is it one of ours that is `Comparable` to itself? Of others that is not easily known.
    private boolean isOrdered(Class<?> type) {
        if (type != known) {
            known = type;
            isOrdered = Scalar.of(type) != null && Comparable.class.isAssignableFrom(type);
        }
        return isOrdered;
    }

    /// How many bytes will be compared, at most.
    double cost() {
        Arrays.sort(seen, 0, count);
        double cost = 0;
        for (int at = 0; at < count; ) {
            int first = at;
            double bytes = 0;
            for (; at < count && seen[at] >> 32 == seen[first] >> 32; at++) {
                bytes += seen[at] & INT;
            }
            cost += bytes * (at - first - 1);
        }
        return cost;
    }
}
