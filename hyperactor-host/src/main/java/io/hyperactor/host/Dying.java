package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// A process that has been reaped, and is not told of before those are gone that were killed with
/// it. In most cases there is nobody.
///
/// **Threads:** that of the poller.
final class Dying implements AutoCloseable {
    private final LinuxProcess process;
    private final ProcExit how;
    private final long reapedAt;
    private final CgroupEvents events;
    private final Poller poller;
    private @Nullable Descriptor watched;
    private long token;
    private boolean gone;

    Dying(LinuxProcess process, ProcExit how, long reapedAt, CgroupEvents events, Poller poller) {
        this.process = process;
        this.how = how;
        this.reapedAt = reapedAt;
        this.events = events;
        this.poller = poller;
    }

    LinuxProcess process() {
        return process;
    }

    ProcExit how() {
        return how;
    }

    /// When it was reaped: see [System#nanoTime()].
    long reapedAt() {
        return reapedAt;
    }

    /// Whether nobody is left of its control group, or where it has none, of its process group.
    boolean isAllGone() {
        gone = gone || (watched == null ? process.isAllGone(events) : events.isEmpty(watched));
        return gone;
    }

    /// Kills who is left, and has the poller return when that is gone.
    void killRest() {
        process.group()
                .ifPresent(group -> {
                    group.kill();
                    watch(group);
                });
    }

    private void watch(Cgroup group) {
        try {
            Descriptor file = events.open(group);
            try {
                token = poller.addForChange(file, () -> {});
                watched = file;
            } finally {
                if (watched == null) {
                    file.close();
                }
            }
        } catch (IOException e) {
            // Gone already, or no descriptors: then it is looked at again and again.
        }
    }

    /// Whether the poller returns by itself when all are gone.
    boolean isWatched() {
        return watched != null;
    }

    @Override
    public void close() {
        Descriptor file = watched;
        if (file != null) {
            poller.remove(file, token);
            file.close();
        }
    }
}
