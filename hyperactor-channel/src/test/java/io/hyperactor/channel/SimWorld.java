package io.hyperactor.channel;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Virtual time, chance and order: what is scheduled happens in the order of its time, and of its
/// scheduling within that. One thread, no real clock.
public final class SimWorld {
    public static final long MICRO = 1000;
    public static final long MILLI = 1000 * MICRO;
    public static final long SECOND = 1000 * MILLI;

    final RandomGenerator random;

    private record Task(long at, long order, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now = 1000;
    private long scheduled;
    private long trace = 0xcbf29ce484222325L;

    public SimWorld(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public long now() {
        return now;
    }

    public RandomGenerator random() {
        return random;
    }

    /// Has `action` happen `nanos` from now; whatever is there for now already happens before.
    public void after(long nanos, Runnable action) {
        tasks.add(new Task(now + Math.max(0, nanos), scheduled++, action));
    }

    /// Does the next thing; false if nothing is to come before `limit`.
    public boolean step(long limit) {
        Task task = tasks.peek();
        if (task == null || task.at > limit) {
            return false;
        }
        tasks.remove();
        now = task.at;
        task.action.run();
        return true;
    }

    /// What must be the same when the seed is.
    public void trace(int what, long value) {
        trace = (trace ^ what) * 0x100000001b3L;
        trace = (trace ^ value ^ now) * 0x100000001b3L;
    }

    public long traceHash() {
        return trace;
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /// Up to `most`, any as likely as any other.
    public long anyUpTo(long most) {
        return 1 + random.nextLong(most);
    }

    /// Up to `most`, short ones as likely as long ones.
    public long upTo(long most) {
        return 1 + (long) Math.pow((double) most, random.nextDouble());
    }
}
