package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Which spares there are and who gets them, without processes.
class SparesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ChannelAddress SOMEWHERE = ChannelAddress.parse("unix:/run/s");

    private final List<Fake> launched = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile String code = "code";
    private volatile boolean fails;
    private final Spares spares =
            new Spares(
                    this::launch,
                    () -> "token-" + tokens.incrementAndGet(),
                    () -> code,
                    System::nanoTime,
                    Duration.ofMillis(1));

    @AfterEach
    void close() {
        spares.close();
    }

    private LaunchedProcess launch(String name, String token) throws IOException {
        if (fails) {
            throw new IOException("no more processes");
        }
        var process = new Fake(name, token);
        launched.add(process);
        return process;
    }

    private static Assignment assignment(String name) {
        return new Assignment(new ProcId(SOMEWHERE, name), SOMEWHERE, SOMEWHERE, "secret");
    }

    private Fake awaitLaunch(int number) {
        await().atMost(PATIENCE).until(() -> launched.size() >= number);
        return launched.get(number - 1);
    }

    private Fake park(int number) {
        Fake process = awaitLaunch(number);
        assertThat(spares.parks(process.token)).isTrue();
        return process;
    }

    /// With or without a limit, for whatever it has to.
    private static void awaitWaiting(String thread) {
        await().atMost(PATIENCE)
                .until(() ->
                        Thread.getAllStackTraces().keySet().stream()
                                .anyMatch(other ->
                                        other.getName().equals(thread)
                                                && (other.getState() == Thread.State.TIMED_WAITING
                                                        || other.getState()
                                                                == Thread.State.WAITING)));
    }

    private void awaitParked(int count) {
        await().atMost(PATIENCE).until(() -> spares.parked() == count);
    }

    @Test
    void theyAreStartedOneAfterTheOtherAndTakenInThatOrder() {
        spares.keep(2);
        assertThat(spares.take(assignment("early"))).isEmpty();
        Fake first = awaitLaunch(1);
        assertThat(launched).hasSize(1);
        assertThat(spares.parks(first.token)).isTrue();
        Fake second = park(2);
        awaitParked(2);

        assertThat(spares.take(assignment("a"))).containsSame(first);
        assertThat(spares.take(assignment("b"))).containsSame(second);

        assertThat(first.name()).isEqualTo("a");
        assertThat(first.told).containsExactly(assignment("a").toLine());
        assertThat(assignment("a").toString()).doesNotContain("secret");
        assertThat(Assignment.of(first.told.getFirst())).isEqualTo(assignment("a"));
        assertThat(spares.take(assignment("c"))).isEmpty();
        park(3);
        awaitParked(1);
    }

    @Test
    void aTokenIsGoodForOneChildAndOnce() {
        spares.keep(1);
        Fake process = awaitLaunch(1);

        assertThat(spares.parks("token-0")).isFalse();
        assertThat(spares.parks("")).isFalse();
        assertThat(spares.parks(process.token)).isTrue();
        assertThat(spares.parks(process.token)).isFalse();
    }

    @Test
    void noneIsStartedWhileAProcIsBeingSpawned() {
        var ready = new CompletableFuture<Void>();
        spares.during(ready);
        spares.keep(1);
        var failed = new CompletableFuture<Void>();
        spares.during(failed);
        ready.complete(null);
        awaitWaiting("hyperactor-spares");
        assertThat(launched).isEmpty();

        failed.completeExceptionally(new IllegalStateException("not ready"));

        park(1);
        awaitParked(1);
    }

    @Test
    void oneThatRunsOldCodeIsEnded() {
        spares.keep(1);
        Fake old = park(1);
        awaitParked(1);

        code = "new code";

        assertThat(spares.take(assignment("a"))).isEmpty();
        assertThat(old.killed).isTrue();
        assertThat(old.told).isEmpty();
        Fake fresh = park(2);
        awaitParked(1);
        assertThat(spares.take(assignment("a"))).containsSame(fresh);
    }

    @Test
    void oneThatDoesNotReadIsEndedAndTheNextIsTaken() {
        spares.keep(2);
        Fake deaf = park(1);
        Fake good = park(2);
        awaitParked(2);
        deaf.reads = false;

        assertThat(spares.take(assignment("a"))).containsSame(good);

        assertThat(deaf.killed).isTrue();
    }

    @Test
    void oneThatEndsIsReplaced() {
        spares.keep(1);
        park(1).exit.complete(new ProcExit.Signalled(9, false));
        park(2);
        awaitParked(1);

        awaitLaunch(2).exit.complete(new ProcExit.Exited(1));
        assertThat(spares.parked()).isZero();

        park(3);
        awaitParked(1);
    }

    @Test
    void oneThatCannotBeLaunchedIsTriedAgain() {
        fails = true;
        spares.keep(1);
        await().atMost(PATIENCE).until(() -> tokens.get() > 2);
        assertThat(spares.take(assignment("a"))).isEmpty();

        fails = false;

        park(1);
        awaitParked(1);
    }

    @Test
    void closingEndsThemAndNoneIsStartedAfter() {
        spares.keep(2);
        Fake waiting = park(1);
        Fake starting = awaitLaunch(2);

        spares.close();

        assertThat(waiting.killed).isTrue();
        assertThat(starting.killed).isTrue();
        spares.keep(3);
        assertThat(spares.take(assignment("a"))).isEmpty();
        assertThat(launched).hasSize(2);
    }

    @Test
    void thereAreBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> spares.keep(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> spares.keep(Spares.MAX + 1));
    }

    private static final class Fake implements LaunchedProcess {
        private volatile String name;
        private final String token;
        private final CompletableFuture<ProcExit> exit = new CompletableFuture<>();
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile boolean killed;
        private volatile boolean reads = true;

        Fake(String name, String token) {
            this.name = name;
            this.token = token;
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
}
