package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Which spares there are and who gets them, without processes.
class SparesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ChannelAddress SOMEWHERE = ChannelAddress.parse("unix:/run/s");

    private static final Secret SECRET = new Secret(0x4711_4711_4711_4711L, 0x4711);

    private final List<FakeProcess> launched = new CopyOnWriteArrayList<>();
    private final AtomicInteger secrets = new AtomicInteger();
    private volatile String code = "code";
    private volatile boolean slow; // to tell what code it is
    private volatile boolean fails;
    private volatile boolean lacksMemory;
    private volatile boolean secretsLackMemory;
    private final Spares spares =
            new Spares(
                    this::launch,
                    this::secret,
                    () -> code,
                    () -> slow ? Optional.empty() : Optional.of(code),
                    System::nanoTime,
                    Duration.ofMillis(1));

    @AfterEach
    void close() {
        spares.close();
    }

    private Secret secret() {
        if (secretsLackMemory) {
            secretsLackMemory = false;
            throw new OutOfMemoryError("planned");
        }
        return new Secret(0, secrets.incrementAndGet());
    }

    private LaunchedProcess launch(String name, Secret secret) throws IOException {
        if (lacksMemory) {
            lacksMemory = false;
            throw new OutOfMemoryError("as it may");
        }
        if (fails) {
            throw new IOException("no more processes");
        }
        var process = new FakeProcess(name, secret);
        launched.add(process);
        return process;
    }

    @Test
    void aLaunchForWhichThereWasNoMemoryIsTriedAgain() {
        lacksMemory = true;
        spares.keep(1);
        awaitLaunch(1);
    }

    private static Assignment assignment(String name) {
        return new Assignment(new ProcId(SOMEWHERE, name), SOMEWHERE, SOMEWHERE, SECRET);
    }

    private FakeProcess awaitLaunch(int number) {
        await().atMost(PATIENCE).until(() -> launched.size() >= number);
        return launched.get(number - 1);
    }

    private boolean parks(Secret secret) {
        return spares.nameOf(secret).map(spares::parks).orElse(false);
    }

    private FakeProcess park(int number) {
        FakeProcess process = awaitLaunch(number);
        assertThat(parks(process.secret)).isTrue();
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
        FakeProcess first = awaitLaunch(1);
        assertThat(launched).hasSize(1);
        assertThat(parks(first.secret)).isTrue();
        FakeProcess second = park(2);
        awaitParked(2);

        assertThat(spares.take(assignment("a"))).containsSame(first);
        assertThat(spares.take(assignment("b"))).containsSame(second);

        assertThat(first.name()).isEqualTo("a");
        assertThat(first.told).containsExactly(assignment("a").toLine());
        assertThat(assignment("a").toString()).doesNotContain("4711");
        assertThat(Assignment.of(first.told.getFirst())).isEqualTo(assignment("a"));
        assertThat(spares.take(assignment("c"))).isEmpty();
        park(3);
        awaitParked(1);
    }

    @Test
    void aTokenIsGoodForOneChildAndOnce() {
        spares.keep(1);
        FakeProcess process = awaitLaunch(1);

        assertThat(parks(new Secret(0, 99))).isFalse();
        assertThat(spares.parks("")).isFalse();
        assertThat(parks(process.secret)).isTrue();
        assertThat(parks(process.secret)).isFalse();
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
        FakeProcess old = park(1);
        awaitParked(1);

        code = "new code";

        assertThat(spares.take(assignment("a"))).isEmpty();
        assertThat(old.killed).isTrue();
        assertThat(old.told).isEmpty();
        FakeProcess fresh = park(2);
        awaitParked(1);
        assertThat(spares.take(assignment("a"))).containsSame(fresh);
    }

    @Test
    void oneThatDoesNotReadIsEndedAndTheNextIsTaken() {
        spares.keep(2);
        FakeProcess deaf = park(1);
        FakeProcess good = park(2);
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
        await().atMost(PATIENCE).until(() -> secrets.get() > 2);
        assertThat(spares.take(assignment("a"))).isEmpty();

        fails = false;

        park(1);
        awaitParked(1);
    }

    @Test
    void whereItCannotBeToldInTimeWhatTheyRunNoneIsUsedOrEnded() {
        spares.keep(1);
        FakeProcess waiting = park(1);
        awaitParked(1);

        slow = true;
        assertThat(spares.take(assignment("a"))).isEmpty();
        assertThat(waiting.killed).isFalse();

        slow = false;
        assertThat(spares.take(assignment("a"))).containsSame(waiting);
    }

    @Test
    void aSecretForWhichThereIsNoMemoryDoesNotEndIt() {
        secretsLackMemory = true;
        spares.keep(1);
        park(1);
        awaitParked(1);
    }

    @Test
    void whenAProcIsReadyTheNextIsTriedAtOnce() {
        fails = true;
        var never =
                new Spares(
                        this::launch,
                        () -> new Secret(0, secrets.incrementAndGet()),
                        () -> code,
                        () -> Optional.of(code),
                        System::nanoTime,
                        Duration.ofDays(1));
        try (never) {
            never.keep(1);
            await().atMost(PATIENCE).until(() -> secrets.get() == 1);
            awaitWaiting("hyperactor-spares"); // for a day
            fails = false;

            never.during(CompletableFuture.failedFuture(new IllegalStateException("not ready")));
            assertThat(launched).isEmpty();
            never.during(CompletableFuture.completedFuture(null));

            awaitLaunch(1);
        }
    }

    @Test
    void closingEndsThemAndNoneIsStartedAfter() {
        spares.keep(2);
        FakeProcess waiting = park(1);
        FakeProcess starting = awaitLaunch(2);

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
}
