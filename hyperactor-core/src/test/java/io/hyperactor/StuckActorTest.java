package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

@Timeout(120)
final class StuckActorTest {
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final Scene scene =
            new Scene(
                    Proc.direct(
                            ChannelAddress.any(Transport.LOCAL),
                            "scene",
                            ProcConfig.defaults().withStuckAfter(PATIENCE)));
    private final BlockingQueue<StuckActor> reports = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        scene.close();
    }

    private void stick(String name, Counting behaviour, ActorType<Work> type) {
        ActorHandle<Work> handle = scene.proc.spawn(name, type);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(behaviour.held);
    }

    /// The ticker of the process looks once a second.
    @Test
    void anActorThatDoesNotComeBackIsReportedAgainAndAgainWithItsStack()
            throws InterruptedException {
        scene.proc.onStuck(reports::add);
        Counting stuck = new Counting();
        stick("stuck", stuck, Scene.type("stuck", stuck));
        StuckActor first = reports.take();
        assertThat(first.actor().name()).isEqualTo("stuck");
        assertThat(first.lasts()).isGreaterThanOrEqualTo(PATIENCE);
        assertThat(first.stack().stream().map(StackTraceElement::getClassName))
                .contains(Counting.class.getName());
        assertThat(first.toString())
                .startsWith("actor " + first.actor() + " has not come back for ")
                .contains("\n\tat ")
                .contains("Counting.receive(Counting.java:");
        assertThat(reports.take().lasts()).isGreaterThanOrEqualTo(first.lasts().multipliedBy(2));
        stuck.release.countDown();
    }

    /// What is reported first began last.
    @Test
    void whoMayBlockIsNotReportedAndAListenerThatThrowsHarmsNobody() throws InterruptedException {
        scene.proc.onStuck(report -> {
            reports.add(report);
            throw new IllegalStateException("as it should");
        });
        Counting blocking = new Counting();
        Counting stuck = new Counting();
        stick("blocking", blocking, Scene.type("blocking", blocking).blocking());
        stick("stuck", stuck, Scene.type("stuck", stuck));
        for (int i = 0; i < 2; i++) {
            assertThat(reports.take().actor().name()).isEqualTo("stuck");
        }
        blocking.release.countDown();
        stuck.release.countDown();
    }
}
