package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Parents and children.
final class SupervisionTest {
    private final Scene scene = new Scene();

    /// What happened, of those that tell.
    private final List<String> story = new CopyOnWriteArrayList<>();

    private final Map<String, ActorHandle<Work>> handles = new ConcurrentHashMap<>();
    private final Map<String, Person> people = new ConcurrentHashMap<>();

    @AfterEach
    void end() {
        people.values().forEach(person -> person.release.countDown());
        scene.close();
    }

    /// An actor that spawns its descendants, given as text like `a(b c(d))`, when it starts.
    private class Person extends Counting {
        private final String name;
        private final List<String> children;
        private final boolean patient;

        /// @param family its own name, with `+` if it handles failures of children, then children
        Person(String family) {
            name = Family.name(family).replace("+", "");
            patient = Family.name(family).endsWith("+");
            children = Family.children(family);
            people.put(name, this);
        }

        @Override
        public void init(Context<Work> cx) throws Exception {
            super.init(cx);
            for (String child : children) {
                Person person = new Person(child);
                handles.put(person.name, cx.spawn(person.name, Scene.type(person.name, person)));
            }
        }

        @Override
        void act(Context<Work> cx, String what) throws Exception {
            switch (what) {
                case "children" -> calls.add(String.join(" ", names(cx)));
                case "await news" -> {
                    calls.add(what);
                    untilNews(name);
                }
                default -> super.act(cx, what);
            }
        }

        private List<String> names(Context<Work> cx) {
            return cx.children().stream().map(child -> child.id().name()).toList();
        }

        @Override
        public boolean childEnded(Context<Work> cx, SupervisionEvent event) throws Exception {
            story.add(name + " hears of " + event.actor().name());
            return patient || super.childEnded(cx, event);
        }

        @Override
        public void cleanup(Context<Work> cx) throws Exception {
            story.add(name + " ends");
            super.cleanup(cx);
        }
    }

    private ActorHandle<Work> spawn(String family) {
        Person person = new Person(family);
        ActorHandle<Work> root = scene.spawn(person.name, person);
        handles.put(person.name, root);
        int size = Family.size(family);
        Waiting.until(() -> handles.size() == size);
        return root;
    }

    private ActorHandle<Work> handle(String name) {
        return handles.get(name);
    }

    private void tell(String name, String what) {
        scene.client.send(handle(name).ref(), new Work.Do(what));
    }

    private void hold(String name) {
        tell(name, "hold");
        Waiting.on(people.get(name).held);
    }

    /// Waits until the runtime has told the actor something that it has not looked at.
    private void untilNews(String name) {
        ActorCell<?> cell = (ActorCell<?>) scene.proc.find(handle(name).id());
        Waiting.until(cell::hasSignals);
    }

    private ActorStatus end(String name) {
        return Waiting.get(handle(name).ended());
    }

    @Test
    void aChildLivesInTheProcOfItsParentUnderAnIdOfItsOwn() throws Exception {
        spawn("a(b b)".replace("b b", "b c"));
        assertThat(handle("b").id().proc()).isEqualTo(scene.proc.id());
        assertThat(handle("b").id().pid()).isPositive().isNotEqualTo(handle("c").id().pid());
        tell("a", "children");
        assertThat(scene.ask(handle("a").ref(), 0)).isZero();
        assertThat(people.get("a").calls).endsWith("b c");

        handle("b").stop("no longer needed");
        assertThat(end("b")).isEqualTo(new ActorStatus.Stopped("no longer needed"));
        Waiting.until(() -> story.contains("a hears of b"));
        tell("a", "children");
        assertThat(scene.ask(handle("a").ref(), 0)).isZero();
        assertThat(people.get("a").calls).endsWith("c");
        assertThat(handle("a").status().isTerminal()).isFalse();
    }

    @Test
    void aChildNeedsNoFreeName() throws Exception {
        CountDownLatch spawned = new CountDownLatch(1);
        ActorHandle<Work> twin =
                scene.spawn(
                        "twin",
                        (cx, message) -> {
                            ActorHandle<Work> one =
                                    cx.spawn("twin", Scene.type("t", new Counting()));
                            ActorHandle<Work> two =
                                    cx.spawn("twin", Scene.type("t", new Counting()));
                            assertThat(List.of(cx.id(), one.id(), two.id()))
                                    .doesNotHaveDuplicates();
                            spawned.countDown();
                        });
        scene.count(twin.ref(), 0, 1);
        Waiting.on(spawned);
    }

    @Test
    void stoppingARootStopsTheTreeChildrenFirstAndDrainsIt() {
        spawn("a(b(c d))");
        hold("d");
        scene.count(handle("d").ref(), 0, 50);
        handle("a").stop("all of you");
        Waiting.until(() -> handle("b").status() instanceof ActorStatus.Stopping);
        people.get("d").release.countDown();

        assertThat(end("a")).isEqualTo(new ActorStatus.Stopped("all of you"));
        for (String name : List.of("b", "c", "d")) {
            assertThat(handle(name).status()).isEqualTo(new ActorStatus.Stopped("parent draining"));
        }
        assertThat(people.get("d").numbers).hasSize(50);
        assertThat(story).endsWith("b ends", "a ends").contains("c ends", "d ends").hasSize(4);
        scene.count(handle("d").ref(), 50, 51);
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_STOPPED);
    }

    @Test
    void aFailingParentStopsItsChildrenWithoutDraining() {
        spawn("a(b)");
        hold("b");
        scene.count(handle("b").ref(), 0, 5);
        tell("a", "fail");
        untilNews("b");
        people.get("b").release.countDown();

        assertThat(end("a").failure()).hasMessage("on purpose");
        assertThat(handle("b").status()).isEqualTo(new ActorStatus.Stopped("parent stopping"));
        assertThat(scene.reasons(5)).containsOnly(Reason.ACTOR_STOPPED);
        assertThat(people.get("b").numbers).isEmpty();
    }

    @Test
    void aFailureAboveCutsShortADrainThatIsUnderWay() {
        spawn("r(a(b(c)))");
        hold("c");
        tell("c", "await news");
        scene.count(handle("c").ref(), 0, 5);
        handle("a").stop("drain");
        untilNews("c");
        people.get("c").release.countDown();
        Waiting.until(() -> people.get("c").calls.contains("await news")); // while it drains
        tell("r", "fail");

        assertThat(end("r").failure()).hasMessage("on purpose");
        assertThat(scene.reasons(5)).containsOnly(Reason.ACTOR_STOPPED);
        assertThat(people.get("c").numbers).isEmpty();
        assertThat(story).containsExactly("c ends", "b ends", "a ends", "r ends");
    }

    @Test
    void aFailureThatNobodyHandlesTravelsUpAsTheEventOfWhoFailedFirst() {
        spawn("a(b(c d) e(f))");
        tell("c", "fail");
        Throwable failure = end("a").failure();

        assertThat(scene.events).containsExactly(new SupervisionEvent(handle("c").id(), end("c")));
        assertThat(end("c").failure()).hasMessage("on purpose");
        assertThat(failure)
                .isInstanceOf(HyperactorException.ChildFailed.class)
                .hasMessageContaining(handle("c").id().toString())
                .hasMessageContaining("on purpose")
                .hasRootCauseMessage("on purpose");
        assertThat(((HyperactorException.ChildFailed) failure).event())
                .isEqualTo(scene.events.getFirst());
        for (String name : List.of("d", "e", "f")) {
            assertThat(end(name)).isEqualTo(new ActorStatus.Stopped("parent stopping"));
        }
        assertThat(story)
                .startsWith("c ends", "b hears of c")
                .contains("a hears of c")
                .doesNotContain("a hears of b");
    }

    @Test
    void aHandledFailureIsContained() throws Exception {
        spawn("a(b+(c d))");
        tell("c", "fail");
        assertThat(end("c").failure()).hasMessage("on purpose");
        Waiting.until(() -> story.contains("b hears of c"));
        for (String name : List.of("a", "b", "d")) {
            assertThat(scene.ask(handle(name).ref(), 0)).isZero();
        }
        assertThat(scene.events).isEmpty();
        assertThat(scene.proc.failed()).isNotDone();
    }

    @Test
    void theFirstAncestorThatHandlesAFailureContainsIt() throws Exception {
        spawn("a+(b(c))");
        tell("c", "fail");
        assertThat(end("b").failure()).isInstanceOf(HyperactorException.ChildFailed.class);
        Waiting.until(() -> story.contains("a hears of c"));
        assertThat(scene.ask(handle("a").ref(), 0)).isZero();
        assertThat(scene.events).isEmpty();
    }

    @Test
    void aHandlerOfChildEndsThatThrowsFailsTheParentWithItsOwnFailure() {
        CountDownLatch spawned = new CountDownLatch(1);
        ActorHandle<Work> root =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void init(Context<Work> cx) {
                                handles.put(
                                        "child",
                                        cx.spawn("child", Scene.type("child", new Counting())));
                                spawned.countDown();
                            }

                            @Override
                            public boolean childEnded(Context<Work> cx, SupervisionEvent event) {
                                throw new IllegalStateException("can not cope");
                            }
                        });
        Waiting.on(spawned);
        handle("child").stop("harmless");
        assertThat(Waiting.get(root.ended()).failure()).hasMessage("can not cope");
        assertThat(scene.events).extracting(SupervisionEvent::actor).containsExactly(root.id());
    }

    @Test
    void aChildThatFailsWhileItsParentStopsChangesNothing() {
        spawn("a(b)");
        hold("b");
        tell("b", "fail");
        handle("a").stop("done");
        Waiting.until(() -> handle("b").status() instanceof ActorStatus.Processing);
        Waiting.until(() -> handle("a").status() instanceof ActorStatus.Stopping);
        people.get("b").release.countDown();
        assertThat(end("b").failure()).hasMessage("on purpose");
        assertThat(end("a").isTerminal()).isTrue();
    }

    @Test
    void aParentWaitsForItsChildrenHoweverLongTheyTake() {
        spawn("a(b)");
        hold("b");
        tell("a", "fail");
        Waiting.until(() -> handle("a").status() instanceof ActorStatus.Stopping);
        assertThat(handle("a").ended()).isNotDone();
        assertThat(story).isEmpty();
        people.get("b").release.countDown();
        assertThat(end("a").failure()).hasMessage("on purpose");
        assertThat(story).containsExactly("b ends", "a ends");
    }

    @Test
    void anActorInCleanupGetsNoMoreChildren() {
        ActorHandle<Work> root =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void cleanup(Context<Work> cx) {
                                cx.spawn("late", Scene.type("late", new Counting()));
                            }
                        });
        root.stop("done");
        assertThat(Waiting.get(root.ended()).failure())
                .isInstanceOf(HyperactorException.Ended.class);
        assertThat(scene.proc.actors()).isEmpty();
    }

    @Test
    void eachEndIsToldOnce() {
        for (int i = 0; i < 100; i++) {
            handles.clear();
            story.clear();
            spawn("a(b c d)");
            List.of("b", "c", "d").forEach(name -> handle(name).stop("done"));
            handle("a").stop("done");
            assertThat(end("a")).isEqualTo(new ActorStatus.Stopped("done"));
            assertThat(story).doesNotHaveDuplicates();
        }
        assertThat(scene.events).hasSize(100);
    }
}
