package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.RejectCode;
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

    private void reject(RejectCode code) {
        log.happened(
                new ChannelEvent.LinkRejected(ChannelAddress.parse("unix:/s"), code, "because"));
    }

    @Test
    void ofAFloodOneLineASecondIsSaidAndHowManyWereNot() {
        fail(1000);
        assertThat(lines).hasSize(1);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        fail(5);
        assertThat(lines)
                .hasSize(2)
                .last()
                .asString()
                .endsWith(" (999 more like this were not logged)");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        fail(1);
        assertThat(lines)
                .hasSize(3)
                .last()
                .asString()
                .endsWith(" (4 more like this were not logged)");
    }

    @Test
    void eachReasonOfARejectionHasItsOwnLine() {
        fail(1000);
        lines.clear();
        for (int i = 0; i < 100; i++) {
            reject(RejectCode.TOO_MANY_SILENT);
            reject(RejectCode.HELLO_TOO_LATE);
        }
        assertThat(lines)
                .containsExactly(
                        "unix:/s: refused a connection: TOO_MANY_SILENT, because",
                        "unix:/s: refused a connection: HELLO_TOO_LATE, because");
    }

    @Test
    void whoShowsNoSecretIsLoggedElsewhere() {
        reject(RejectCode.FORBIDDEN);
        assertThat(lines).isEmpty();
    }

    @Test
    void whatConcernsOneLinkOnlyIsNotSaid() {
        log.happened(new ChannelEvent.CutInFrame(ChannelAddress.parse("tls:a:1")));
        assertThat(lines).isEmpty();
    }
}
