package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ReadyException;

import java.time.Duration;

/// A spawn that failed, as its caller saw it.
///
/// @param took from the call to the exception
record FailedSpawn(HostException failure, Duration took) {
    /// Spawns a proc that must fail, and looks: at the moment of the exception its child is not
    /// there, not even as a zombie, and its name is free. What the child itself had started is gone
    /// soon.
    static FailedSpawn of(Host<?> host, String name) {
        long start = System.nanoTime();
        Throwable failure = catchThrowable(() -> host.spawn(name));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(failure)
                .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                .hasMessageContaining(host.address() + "," + name);
        assertThat(host.find(name)).isEmpty();
        assertThat(Observer.children()).as("children after %s", failure).isEmpty();
        return new FailedSpawn((HostException) failure, took);
    }

    /// How the process ended, if the failure is that it did.
    ProcExit exit() {
        assertThat(failure).hasRootCauseInstanceOf(ReadyException.Terminal.class);
        return ((ReadyException.Terminal) failure.getCause().getCause()).exit();
    }
}
