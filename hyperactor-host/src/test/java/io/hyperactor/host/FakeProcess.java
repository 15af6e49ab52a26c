package io.hyperactor.host;

import io.hyperactor.channel.Secret;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A process that is none.
final class FakeProcess implements LaunchedProcess {
    private volatile String name;
    final Secret secret;
    final CompletableFuture<ProcExit> exit = new CompletableFuture<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile boolean killed;
    volatile boolean reads = true;

    FakeProcess(String name, Secret secret) {
        this.name = name;
        this.secret = secret;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void rename(String name) {
        this.name = name;
    }

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public Instant startedAt() {
        return Instant.EPOCH;
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        return exit.copy();
    }

    @Override
    public void signalGroup(int signal) {
        killed = true;
    }

    @Override
    public Containment containment() {
        return Containment.PROCESS;
    }

    @Override
    public List<AppliedLimit> limits() {
        return List.of();
    }

    @Override
    public List<String> lastLines() {
        return List.of();
    }

    @Override
    public boolean tell(String line) {
        return reads && told.add(line);
    }

    @Override
    public void closeControl() {}
}
