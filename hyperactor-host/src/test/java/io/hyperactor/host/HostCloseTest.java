package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hyperactor.Instance;
import io.hyperactor.channel.Admission;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// What a host lets go of when the end of its procs fails.
@Timeout(60)
class HostCloseTest {
    private static final ChannelAddress ANYWHERE = ChannelAddress.any(Transport.LOCAL);
    private static final CompletableFuture<Void> READY = CompletableFuture.completedFuture(null);

    /// Has no memory to end its procs.
    private static final class Poor implements ProcManager<EchoMessage>, BulkTerminate {
        private boolean closed;

        @Override
        public Transport transport() {
            return Transport.LOCAL;
        }

        @Override
        public ProcHandle<EchoMessage> spawn(ProcId procId, ChannelAddress forwarder) {
            throw new HostException.ProcExists(procId.name());
        }

        @Override
        public Admission admission() {
            return Admission.open();
        }

        @Override
        public boolean mayControl(ProcId proc) {
            return true;
        }

        @Override
        public TerminateSummary terminateAll(
                Instance cx, Duration grace, int maxInFlight, String reason) {
            throw new OutOfMemoryError("planned");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void whateverFailsInItsEndTheManagerIsClosedAndTheAddressIsFree() {
        Poor manager = new Poor();
        Host<EchoMessage> host = Host.serve(ANYWHERE, manager);

        assertThatIllegalStateException()
                .isThrownBy(host::close)
                .withCauseInstanceOf(OutOfMemoryError.class);

        assertThat(manager.closed).isTrue();
        try (Host<EchoMessage> next = Host.serve(host.address(), new FakeManager(READY))) {
            assertThat(next.address()).isEqualTo(host.address());
        }
    }
}
