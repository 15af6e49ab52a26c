package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class ChannelLogTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private final ChannelLog log = new ChannelLog(clock::get, lines::add);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            log.happened(
                    new ChannelEvent.HandshakeFailed(
                            ChannelAddress.parse("tls:a:1"), "/1.2.3.4:5", new IOException("bad")));
        }
    }

    @Test
    void whatFailsIsSaidWithWho() {
        fail(1);
        assertThat(lines).containsExactly("tls:a:1: no TLS with /1.2.3.4:5: bad");
    }

    @Test
    void aFloodIsSaidInPart() {
        fail(1000);
        assertThat(lines).hasSize(10);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
        fail(5);
        assertThat(lines).hasSize(15);
    }

    @Test
    void whatConcernsOneLinkOnlyIsNotSaid() {
        log.happened(new ChannelEvent.CutInFrame(ChannelAddress.parse("tls:a:1")));
        assertThat(lines).isEmpty();
    }
}
