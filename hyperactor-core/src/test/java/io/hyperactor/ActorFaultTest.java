package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;

/// What becomes of an actor when the runtime's own code throws.
final class ActorFaultTest {
    private final Scene scene = new Scene();
    private final Counting actor = new Counting();
    private final OutOfMemoryError fault = new OutOfMemoryError("on purpose");
    private final Deaf deaf = new Deaf(scene.client.id(), fault);
    private final CompletableFuture<Error> fatal = new CompletableFuture<>();

    ActorFaultTest() {
        scene.proc.onFatal(fatal::complete);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private ActorCell<?> held(ActorHandle<Work> handle) {
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        return cell(handle);
    }

    private ActorCell<?> cell(ActorHandle<Work> handle) {
        return (ActorCell<?>) scene.proc.find(handle.id());
    }

    private static Throwable failureOf(ActorHandle<?> handle) {
        return Waiting.get(handle.ended()).failure();
    }

    @Test
    void anActorWhoseFailureItsAskerCannotBeToldFailsAllTheSame() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        ActorCell<?> cell = held(handle);
        cell.tell(new Work.Do("fail"), deaf, 1, Long.MAX_VALUE);
        scene.count(handle.ref(), 0, 10);
        actor.release.countDown();
        assertThat(failureOf(handle)).hasMessage("on purpose").isNotSameAs(fault);
        assertThat(Waiting.get(fatal)).isSameAs(fault);
        assertThat(scene.reasons(10)).containsOnly(Reason.ACTOR_FAILED).hasSize(10);
        assertThat(actor.calls).endsWith("fail", "cleanup");
        scene.spawn("a", new Counting()); // the name is free
    }

    @Test
    void aFaultWhileAnActorStopsFailsItAndCostsOneMessage() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        ActorCell<?> cell = held(handle);
        scene.count(handle.ref(), 0, 1);
        cell.tell(new Work.Item(1), deaf, 0, Long.MAX_VALUE);
        scene.count(handle.ref(), 2, 10);
        cell.signal(new Signal.Stop("now", false));
        actor.release.countDown();
        assertThat(failureOf(handle)).isSameAs(fault);
        assertThat(scene.events).hasSize(1);
        assertThat(Waiting.get(fatal)).isSameAs(fault);
        assertThat(scene.reasons(9)).hasSize(9);
        assertThat(scene.returnedNumbers()).containsExactly(0L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(actor.calls).containsOnlyOnce("cleanup");
    }

    @Test
    void afterAFaultChildrenAreToldAndAwaited() {
        Counting child = new Counting();
        ActorHandle<Work> parent =
                scene.spawn(
                        "parent",
                        new Counting() {
                            @Override
                            public void init(Context<Work> cx) {
                                cx.spawn("child", Scene.type("child", child));
                            }

                            @Override
                            void act(Context<Work> cx, String what) throws Exception {
                                actor.act(cx, what);
                            }
                        });
        ActorCell<?> cell = held(parent);
        cell.tell(new Work.Item(0), deaf, 0, Long.MAX_VALUE);
        cell.signal(new Signal.Stop("now", false));
        actor.release.countDown();
        assertThat(failureOf(parent)).isSameAs(fault);
        assertThat(child.calls).containsExactly("init", "cleanup");
    }

    @Test
    void anAbortedActorEndsThoughSomeOfWhatWaitsCannotBeGivenBack() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        ActorCell<?> cell = held(handle);
        scene.count(handle.ref(), 0, 5);
        cell.tell(new Work.Item(5), deaf, 0, Long.MAX_VALUE);
        scene.count(handle.ref(), 6, 10);

        handle.kill("enough");

        assertThat(failureOf(handle)).isInstanceOf(HyperactorException.Aborted.class);
        assertThat(scene.events).hasSize(1);
        assertThat(scene.reasons(9)).containsOnly(Reason.ACTOR_FAILED).hasSize(9);
        assertThat(Waiting.get(fatal)).isSameAs(fault);
        scene.spawn("a", new Counting()); // the name is free
    }

    @Test
    void anAbortedActorGivesBackWhatItHadTakenThoughSomeOfItCannotBe() {
        Counting second = new Counting();
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            if (message instanceof Work.Do(String what)) {
                                (what.equals("first") ? actor : second).act(cx, "hold");
                            }
                        });
        scene.client.send(handle.ref(), new Work.Do("first"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("second"));
        cell(handle).tell(new Work.Item(0), deaf, 0, Long.MAX_VALUE);
        scene.count(handle.ref(), 1, 10);
        actor.release.countDown();
        Waiting.on(second.held); // all the others were taken with it
        handle.kill("enough");
        assertThat(scene.reasons(9)).containsOnly(Reason.ACTOR_FAILED).hasSize(9);
        assertThat(Waiting.get(fatal)).isSameAs(fault);
    }
}
