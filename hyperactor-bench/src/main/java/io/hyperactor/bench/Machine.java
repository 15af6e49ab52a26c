package io.hyperactor.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;

/// Where and when it was measured.
///
/// @param load how many threads wanted to run in the minute before; negative if unknown
record Machine(Instant at, int processors, String os, String java, double load) {
    static Machine here() {
        return new Machine(
                Instant.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor")
                        + " "
                        + System.getProperty("java.runtime.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d processors, %s, Java %s, load %.2f, flags %s",
                processors,
                os,
                java,
                load,
                String.join(" ", Jvm.FLAGS));
    }
}
