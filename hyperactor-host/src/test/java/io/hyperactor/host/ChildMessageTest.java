package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import java.time.Instant;
import java.util.Map;

class ChildMessageTest {
    private static final ProcId PROC = ProcId.parse("unix:/run/host.sock,worker-1");
    private static final Callback CALLBACK =
            new Callback(PROC, PROC.address(), PROC.actor("agent", 0), 1, 3);
    private static final LogEvent EVENT =
            new LogEvent(7, Instant.EPOCH, Level.ERROR, "a.B", "main", "t", Map.of("k", "v"), "f");

    @Test
    void whatAChildWritesWithoutDerivingAllIsWhatTheManagerReads() {
        for (ChildMessage message : new ChildMessage[] {CALLBACK, EVENT}) {
            WireWriter byHand = new WireWriter(64);
            message.writeTo(byHand);
            WireWriter derived = new WireWriter(64);
            ChildMessage.type().write(derived, message);

            assertThat(byHand.toByteArray()).isEqualTo(derived.toByteArray());
            assertThat(ChildMessage.type().readFully(new WireReader(byHand.toByteArray())))
                    .isEqualTo(message);
        }
    }

    @Test
    void theSignatureIsTheOneOfTheDocuments() {
        assertThat(ChildMessage.type().signature())
                .isEqualTo(
                        "ChildMessage{Callback(ProcId,ChannelAddress,ActorId,long,long),"
                                + "LogEvent(long,Instant,Level[ERROR,WARN,INFO,DEBUG,TRACE],String,"
                                + "String,String,Map<String,String>,String)}");
    }

    @Test
    void theLongestEventFitsIntoAFrame() {
        String wide = "\u20ac".repeat(1_000_000); // three bytes each
        var pairs = new java.util.ArrayList<org.slf4j.event.KeyValuePair>();
        for (int i = 0; i < 100; i++) {
            pairs.add(new org.slf4j.event.KeyValuePair(i + wide, wide));
        }
        LogEvent event =
                LogEvents.of(Level.INFO, wide, wide, pairs, new IllegalStateException(wide));
        WireWriter out = new WireWriter(64);
        event.writeTo(out);

        assertThat(out.position()).isBetween(200_000, ChildMessage.MAX_BYTES);
    }
}
