package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

@Timeout(60)
final class DialTest {
    @TempDir Path directory;
    private final Events events = new Events();
    private final Ending ending = new Ending();
    private final Recorder recorder = new Recorder();
    private Channels channels;

    @AfterEach
    void stop() {
        channels.close();
    }

    private Tx dial(ChannelConfig config) {
        channels = new Channels(config.withEvents(events));
        return channels.dial(address(), Secret.NONE, ending);
    }

    private ChannelAddress address() {
        return new ChannelAddress.Unix(directory.resolve("s").toString());
    }

    @Test
    void aLinkMayBeUsedBeforeItsServerIsUp() throws Exception {
        Tx tx = dial(ChannelConfig.standard());
        tx.offer(Frames.text("early"));
        ChannelEvent.DialRetried retried =
                events.await(ChannelEvent.DialRetried.class, 2).getFirst();
        assertThat(retried.address()).isEqualTo(address());
        assertThat(retried.cause()).isInstanceOf(IOException.class);
        assertThat(retried.pause()).isBetween(Duration.ofMillis(9), Duration.ofMillis(11));

        channels.serve(address(), Admission.open(), recorder);
        tx.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("early");
    }

    @Test
    void nothingIsConnectedBeforeTheFirstFrame() throws Exception {
        Tx tx = dial(ChannelConfig.standard().withDialWindow(Duration.ZERO));
        // A dial before would count as the one attempt.
        channels.serve(address(), Admission.open(), recorder).close();
        channels.serve(address(), Admission.open(), recorder);
        tx.offer(Frames.text("first"));
        tx.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("first");
    }

    @Test
    void withoutAWindowThereIsOneAttempt() {
        Tx tx = dial(ChannelConfig.standard().withDialWindow(Duration.ZERO));
        tx.offer(Frames.text("lost"));

        assertThat(ending.reason())
                .isInstanceOfSatisfying(
                        CloseReason.DialFailed.class,
                        failed -> {
                            assertThat(failed.address()).isEqualTo(address());
                            assertThat(failed.cause()).isInstanceOf(IOException.class);
                        });
        assertThat(ending.frames()).containsExactly(new Ending.Frame("lost", false));
        assertThat(events.of(ChannelEvent.DialRetried.class)).isEmpty();
        assertThatThrownBy(() -> tx.offer(Frames.text("more")))
                .isInstanceOfSatisfying(
                        ChannelException.Closed.class,
                        e -> {
                            assertThat(e.reason()).containsInstanceOf(CloseReason.DialFailed.class);
                            assertThat(e).hasCauseInstanceOf(IOException.class);
                        });
    }

    @Test
    void dialingIsGivenUpWhenTheWindowIsOver() {
        Tx tx = dial(ChannelConfig.standard().withDialWindow(Duration.ofSeconds(1)));
        tx.offer(Frames.text("lost"));
        assertThat(ending.reason()).isInstanceOf(CloseReason.DialFailed.class);
        assertThat(events.of(ChannelEvent.DialRetried.class))
                .hasSizeBetween(2, 20); // after 0, 10, 30, 70, 150, 310, 630, 815, … 1000 ms
        assertThat(tx.flush()).isCompletedExceptionally();
    }

    @Test
    void aSocketThatNobodyServesIsRetriedToo() throws Exception {
        try (var dead = RawPeer.listen(directory.resolve("s"))) {
            assertThat(dead.isOpen()).isTrue();
        }
        Tx tx = dial(ChannelConfig.standard());
        tx.offer(Frames.text("early"));
        events.await(ChannelEvent.DialRetried.class);
        channels.serve(address(), Admission.open(), recorder);
        recorder.awaitCount(1);
    }

    @Test
    void closingALinkThatCannotConnectGivesItsFramesBack() {
        Tx tx = dial(ChannelConfig.standard().withCloseWait(Duration.ofMillis(50)));
        tx.offer(Frames.text("lost"));
        tx.close();
        assertThat(ending.reason()).isEqualTo(new CloseReason.ClosedHere());
        assertThat(ending.frames()).containsExactly(new Ending.Frame("lost", false));
    }

    @Test
    void closingAnUnusedLinkConnectsNowhere() {
        Tx tx = dial(ChannelConfig.standard());
        tx.close();
        assertThat(ending.reason()).isEqualTo(new CloseReason.ClosedHere());
        assertThat(events.of(ChannelEvent.DialRetried.class)).isEmpty();
        assertThat(Files.exists(directory.resolve("s"))).isFalse();
    }

    @Test
    void flushingWithNothingOfferedIsDoneAtOnce() {
        assertThat(dial(ChannelConfig.standard()).flush()).isCompleted();
    }
}
