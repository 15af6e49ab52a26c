package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.Counter;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;
import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/// A host without processes.
final class FakeHost implements HostConnection {
    private final Map<String, ProcInfo> procs = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<ChannelAddress> dialled = new ArrayList<>();
    private final List<ProcNews> news = new ArrayList<>();
    private final List<ProcInfo> ended = new ArrayList<>();
    private final List<Duration> graces = new CopyOnWriteArrayList<>();
    private @Nullable CountDownLatch together;
    private final List<LogBatch> batches = new ArrayList<>();
    private @Nullable LogQuery asked;
    private int open;

    FakeHost(String... names) {
        for (String name : names) {
            begin(name);
        }
    }

    HostConnection dial(HostTarget target) {
        dialled.add(target.address());
        open++;
        return this;
    }

    List<ChannelAddress> dialled() {
        return dialled;
    }

    /// What each stopped proc was given.
    List<Duration> graces() {
        return graces;
    }

    int open() {
        return open;
    }

    @Override
    public long spawn(String name) throws InterruptedException {
        awaitOthers();
        return begin(name);
    }

    private synchronized long begin(String name) {
        if (procs.containsKey(name)) {
            throw new CliException.Failed("proc " + name + " exists");
        }
        long pid = 100L + procs.size();
        put(new ProcInfo(name, pid, "ready", 1234, 1 << 20, 870, 0, "", List.of()));
        return pid;
    }

    void put(ProcInfo proc) {
        procs.put(proc.name(), proc);
    }

    @Override
    public List<ProcInfo> list() {
        return List.copyOf(procs.values());
    }

    /// Has a proc that has ended.
    void ended(ProcInfo proc) {
        ended.add(proc);
    }

    @Override
    public List<ProcInfo> listEnded() {
        return ended;
    }

    @Override
    public List<Counter> counters() {
        return List.of(
                new Counter("links.held_bytes", 0), new Counter("messages.returned", 1234567));
    }

    @Override
    public List<Counter> counters(String proc) {
        if (!procs.containsKey(proc)) {
            throw new CliException.Failed("no proc " + proc);
        }
        return List.of(new Counter("actors.live", 2));
    }

    /// So many must be spawned or stopped at the same time, or nobody is.
    void actsTogether(int count) {
        together = new CountDownLatch(count);
    }

    @Override
    public String stop(String name, Duration grace) throws InterruptedException {
        awaitOthers();
        remove(name);
        graces.add(grace);
        return "exited with status 0";
    }

    private void awaitOthers() throws InterruptedException {
        CountDownLatch others = together;
        if (others != null) {
            others.countDown();
            others.await();
        }
    }

    @Override
    public String kill(String name) {
        remove(name);
        return "killed by signal 9 (SIGKILL)";
    }

    @Override
    public String echo(String name) {
        if (!procs.containsKey(name)) {
            throw new CliException.Failed("no proc " + name);
        }
        return "unix:/a," + name + ",echo[0]";
    }

    @Override
    public void watch(Predicate<? super ProcNews> taker) {
        for (ProcNews item : news) {
            if (!taker.test(item)) {
                return;
            }
        }
        throw new CliException.Failed("no host any more");
    }

    /// What it tells watchers.
    void tell(ProcNews item) {
        news.add(item);
    }

    /// Has a host that these batches come from; their records are also the past.
    void log(LogBatch... some) {
        batches.addAll(List.of(some));
    }

    @Override
    public List<LogRecord> logs(LogQuery query) {
        asked = query;
        return batches.stream().flatMap(batch -> batch.records().stream()).toList();
    }

    @Override
    public void follow(LogQuery query, LogSink sink) throws InterruptedException {
        asked = query;
        for (LogBatch batch : batches) {
            if (!sink.take(batch)) {
                return;
            }
        }
        throw new InterruptedException(); // as by Ctrl-C
    }

    Optional<LogQuery> asked() {
        return Optional.ofNullable(asked);
    }

    private void remove(String name) {
        if (procs.remove(name) == null) {
            throw new CliException.Failed("no proc " + name);
        }
    }

    @Override
    public void close() {
        open--;
    }
}
