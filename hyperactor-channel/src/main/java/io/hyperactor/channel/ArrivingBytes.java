package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes the links to all servers of one [Channels] keep together of frames that have not
/// wholly arrived, and how many they may: as the memory that it takes.
///
/// Arrays of up to [Chunk#BYTES] do not count, so links that send small frames never meet here.
/// Where there is nothing left, whoever holds the most gives way: nobody can be crowded out by
/// those who hold less than he does. One alone may hold any number.
///
/// **Threads:** the loop's; [#sum] any.
final class ArrivingBytes {
    private final long most;
    private final AtomicLong sum = new AtomicLong();
    private final Set<Holder> holders = new LinkedHashSet<>();

    /// A link that keeps something which counts.
    interface Holder {
        /// How much that is.
        long held();

        /// Lets go of all of it.
        void giveWay();
    }

    /// @param most may be held
    ArrivingBytes(long most) {
        this.most = most;
    }

    /// For links that take no part in a bound.
    static ArrivingBytes unbounded() {
        return new ArrivingBytes(Long.MAX_VALUE);
    }

    long sum() {
        return sum.get();
    }

    /// How many bytes `holder` may hold while nobody gives way.
    long roomFor(Holder holder) {
        return most - sum.get() + holder.held();
    }

    /// Asks for `bytes` in place of what `holder` holds; others may have to give way.
    ///
    /// @return false if it is `holder` who has to
    boolean grant(Holder holder, long bytes) {
        while (roomFor(holder) < bytes) {
            Holder largest = largestBut(holder);
            if (largest == null) {
                return true;
            }
            if (largest.held() <= bytes) {
                return false;
            }
            largest.giveWay();
        }
        return true;
    }

    /// The one that has been here for longest, of several.
    private @Nullable Holder largestBut(Holder asking) {
        Holder largest = null;
        for (Holder one : holders) {
            boolean larger = largest == null || one.held() > largest.held();
            if (larger && !one.equals(asking)) {
                largest = one;
            }
        }
        return largest;
    }

    /// What `holder` holds is another number now.
    void changed(Holder holder, long before) {
        long now = holder.held();
        sum.addAndGet(now - before);
        if (now == 0) {
            holders.remove(holder);
        } else if (before == 0) {
            holders.add(holder);
        }
    }
}
