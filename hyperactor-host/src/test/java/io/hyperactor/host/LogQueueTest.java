package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

@Timeout(60)
class LogQueueTest {
    @Test
    void itGoesOnAfterItsListenerHadNoMemory() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var queue =
                new LogQueue<String>(
                        "test",
                        line -> {
                            if (line.equals("large")) {
                                throw new OutOfMemoryError("as it may");
                            }
                            heard.add(line);
                        })) {
            assertThat(queue.offer("large", 1)).isTrue();
            assertThat(queue.offer("small", 1)).isTrue();
            await().until(() -> heard.equals(List.of("small")));
        }
    }
}
