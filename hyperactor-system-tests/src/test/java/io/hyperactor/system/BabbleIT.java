package io.hyperactor.system;

import static org.awaitility.Awaitility.await;

import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Fault row P05: a child prints a gigabyte of junk, before and after it calls back: NULs, escapes,
/// lines without an end, lines that claim that it is ready.
@SystemTest
@Tag("faults")
class BabbleIT {
    private static final int BEFORE_MIB = 64;
    private static final int TIMES_AS_MUCH_IN_ALL = 16;

    /// The optimizing compiler would take and give back tens of megabytes, and the heap grow.
    private static final String[] STEADY = {
        "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"
    };

    private static final int GROWTH_MAX_KIB = 16 * 1024;

    @Test
    @Timeout(300)
    void p05AGigabyteOfJunkHoldsUpNobodyAndFillsNothing() throws Exception {
        try (Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client");
                HostProcess host = HostLaunch.ofStubs().with(STEADY).start()) {
            var rss = new AtomicLong();
            babble(client, host, 4, rss); // what is loaded and taken once
            long before = rss.get();
            babble(client, host, BEFORE_MIB, rss);
            new FaultRow("P05", "1 GiB of junk printed: growth of the host")
                    .atMost("KiB", Math.max(0, rss.get() - before), GROWTH_MAX_KIB, 1);
            host.stop();
        }
    }

    /// Until all of it is printed.
    private static void babble(Client client, HostProcess host, int mebibytes, AtomicLong rssMax)
            throws InterruptedException {
        var spawning = host.request(client, "babble-" + mebibytes + ".0");
        await("ready")
                .pollInterval(Duration.ofMillis(20))
                .atMost(Patience.LIMIT)
                .until(() -> {
                    note(host, rssMax);
                    return spawning.isDone();
                });
        OsProcess child = HostProcess.spawned(spawning.join());
        await("the end of the babble")
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(200))
                .until(() -> {
                    note(host, rssMax);
                    return child.bytesWritten() >= mebibytes * ((long) TIMES_AS_MUCH_IN_ALL << 20);
                });
        child.signal("KILL");
        child.awaitGone();
    }

    private static void note(HostProcess host, AtomicLong rssMax) {
        rssMax.accumulateAndGet(host.process().stat().orElseThrow().rssKiB(), Math::max);
    }
}
