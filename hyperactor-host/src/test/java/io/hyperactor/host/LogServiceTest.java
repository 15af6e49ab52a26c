package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.HostAgentMessage.Logs;
import io.hyperactor.host.HostAgentMessage.NoLogs;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

class LogServiceTest {
    @Test
    void whoReadsWhenAsManyReadAsMayIsRefusedAndCounted() {
        RefusalCounts refusals = new RefusalCounts();
        Semaphore readers = new Semaphore(LogService.READERS_MAX);
        try (LogBook book = new LogBook(LogPolicy.defaults());
                LogService service =
                        new LogService(book, Duration.ofSeconds(5), refusals, readers)) {
            readers.acquireUninterruptibly(LogService.READERS_MAX - 1); // who read just now
            assertThat(service.find(List.of(), Optional.empty(), 1)).isInstanceOf(Logs.class);
            readers.acquireUninterruptibly(); // and the last who may
            assertThat(service.find(List.of(), Optional.empty(), 1))
                    .isEqualTo(
                            new NoLogs(
                                    Refusal.TOO_MANY_READERS,
                                    "16 read the logs already: try again"));
            assertThat(refusals.now()).containsEntry(Refusal.TOO_MANY_READERS, 1L);
            readers.release();
            assertThat(service.find(List.of(), Optional.empty(), 1)).isInstanceOf(Logs.class);
        }
    }
}
