package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
class OpenLauncherTest {
    private final AtomicInteger failures = new AtomicInteger(2);
    private final AtomicInteger closed = new AtomicInteger();

    private final class Opened implements ProcLauncher {
        @Override
        public LaunchedProcess launch(LaunchSpec spec) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private ProcLauncher openAtLast() {
        if (failures.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create a thread");
        }
        return new Opened();
    }

    @Test
    void aLauncherThatCouldNotBeOpenedIsOpenedForTheNextWhoNeedsIt() {
        var launcher = new OpenLauncher(this::openAtLast);
        assertThatThrownBy(launcher::get)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(opened(launcher)).isInstanceOf(Opened.class);
        assertThat(launcher.get()).isSameAs(launcher.get());
        launcher.close();
        assertThat(closed).hasValue(1);
    }

    /// Perhaps the failure that was last was not the last failure.
    private static ProcLauncher opened(OpenLauncher launcher) {
        while (true) {
            try {
                return launcher.get();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(OutOfMemoryError.class);
            }
        }
    }

    @Test
    void itIsOpenedThoughThereWasNoMemoryForAThread() {
        failures.set(0);
        var refusals = new AtomicInteger(1);
        var launcher =
                new OpenLauncher(
                        this::openAtLast,
                        task -> {
                            if (refusals.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("unable to create a thread");
                            }
                            Thread.ofVirtual().start(task);
                        });
        assertThat(launcher.get()).isInstanceOf(Opened.class);
    }

    @Test
    void oneThatCouldNotBeOpenedCanBeClosed() {
        failures.set(Integer.MAX_VALUE);
        var launcher = new OpenLauncher(this::openAtLast);
        launcher.close();
        assertThat(closed).hasValue(0);
        assertThatThrownBy(launcher::get).isInstanceOf(IllegalStateException.class);
    }
}
