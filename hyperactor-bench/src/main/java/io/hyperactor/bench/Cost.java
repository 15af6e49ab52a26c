package io.hyperactor.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/// What this JVM has allocated and computed since a moment, on all its threads.
public final class Cost {
    private static final ThreadMXBean THREADS =
            ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long bytes = THREADS.getTotalThreadAllocatedBytes();
    private final long nanos = SYSTEM.getProcessCpuTime();

    private Cost() {}

    /// From now on.
    public static Cost fromNow() {
        return new Cost();
    }

    /// Adds to a round what each operation has cost until now.
    public Round of(long operations, Round round) {
        double allocated = THREADS.getTotalThreadAllocatedBytes() - bytes;
        double computed = SYSTEM.getProcessCpuTime() - nanos;
        return round.with(Figure.ALLOCATED, allocated / operations)
                .with(Figure.CPU, computed / operations);
    }
}
