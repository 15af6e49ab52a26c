package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.InvalidNameException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Who has a name, and whom a ref names.
final class NamesTest {
    private final Scene scene = new Scene();

    @AfterEach
    void end() {
        scene.close();
    }

    private ActorHandle<Work> spawn(String name) {
        return scene.spawn(name, new Counting());
    }

    private void end(ActorHandle<Work> handle) {
        handle.stop("done");
        Waiting.get(handle.ended());
    }

    private ActorRef<Work> attested(String name) {
        return ActorRef.attest(scene.proc.id().actor(name, 0), Work.class);
    }

    @Test
    void twoRootsCanNotHaveOneName() {
        spawn("a");
        assertThatThrownBy(() -> spawn("a"))
                .isInstanceOf(HyperactorException.NameTaken.class)
                .hasMessageContaining("an actor with name 'a' has already been spawned");
        assertThatThrownBy(() -> scene.proc.client("a"))
                .isInstanceOf(HyperactorException.NameTaken.class);
        assertThatThrownBy(() -> spawn("client")).isInstanceOf(HyperactorException.NameTaken.class);
    }

    @Test
    void aNameIsFreeAgainWhenItsOwnerHasEnded() throws Exception {
        end(spawn("a"));
        ActorHandle<Work> failing = spawn("a");
        scene.client.send(failing.ref(), new Work.Do("fail"));
        Waiting.get(failing.ended());
        ActorHandle<Work> killed = spawn("a");
        killed.kill("no reason");
        scene.proc.client("a").close();
        assertThat(scene.ask(spawn("a").ref(), 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a[0]", "a<b>", "a@b", "é", ".a", "-a"})
    void anIllegalNameIsRefused(String name) {
        assertThatThrownBy(() -> spawn(name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> scene.proc.client(name)).isInstanceOf(InvalidNameException.class);
        assertThat(scene.proc.actors()).isEmpty();
    }

    @Test
    void aRefThatAnActorGaveOutNeverReachesItsNamesake() throws Exception {
        ActorHandle<Work> first = spawn("a");
        ActorRef<Work> pinned = first.ref();
        assertThat(scene.ask(pinned, 0)).isZero();
        end(first);
        scene.count(pinned, 0, 1);
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_STOPPED);

        ActorHandle<Work> second = spawn("a");
        assertThat(second.incarnation()).isNotEqualTo(first.incarnation());
        scene.count(pinned, 1, 2);
        assertThat(scene.reasons(2)).endsWith(Reason.ACTOR_RESTARTED);
        assertThat(scene.ask(second.ref(), 0)).isZero();
        assertThat(second.ref()).isEqualTo(pinned).hasSameHashCodeAs(pinned);
    }

    @Test
    void anAttestedRefReachesWhoeverHasTheName() throws Exception {
        ActorRef<Work> ref = attested("a");
        scene.count(ref, 0, 1);
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_NOT_EXIST);
        ActorHandle<Work> first = spawn("a");
        assertThat(scene.ask(ref, 0)).isZero();
        end(first);
        scene.count(ref, 1, 2);
        assertThat(scene.reasons(2)).endsWith(Reason.ACTOR_STOPPED);
        ActorHandle<Work> second = spawn("a");
        assertThat(scene.ask(ref, 0)).isZero();
        scene.client.send(ref, new Work.Do("fail"));
        Waiting.get(second.ended());
        scene.count(ref, 2, 3);
        assertThat(scene.reasons(3)).endsWith(Reason.ACTOR_FAILED);
    }

    @Test
    void aWrongWordAboutAProtocolIsRefusedAndTheActorLives() throws Exception {
        ActorHandle<Work> handle = spawn("a");
        ActorRef<Long> wrong = ActorRef.attest(handle.id(), Long.class);
        scene.client.send(wrong, 5L);
        assertThat(scene.reasons(1)).containsExactly(Reason.HANDLER_NOT_BOUND);
        assertThat(scene.returned().getFirst().message()).contains(5L);
        assertThat(scene.ask(handle.ref(), 0)).isZero();
    }

    @Test
    void aClientHandlesNoMessages() {
        scene.count(attested("client"), 0, 1);
        assertThat(scene.reasons(1)).containsExactly(Reason.HANDLER_NOT_BOUND);
    }

    @Test
    void anActorThatIsJustEndingIsNeverSaidToHaveNeverBeen() throws Exception {
        Set<Reason> reasons = ConcurrentHashMap.newKeySet();
        scene.client.onUndeliverable(returned -> reasons.add(returned.failure().reason()));
        end(spawn("a"));
        AtomicReference<ActorRef<Work>> current = new AtomicReference<>(attested("a"));
        AtomicBoolean over = new AtomicBoolean();
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                scene.count(current.get(), 0, 1);
                            }
                        });
        Waiting.until(() -> !reasons.isEmpty()); // it runs
        for (int i = 0; i < 1000; i++) { // as many ends as are remembered
            ActorHandle<Work> handle = scene.spawn("a" + i, (cx, message) -> {});
            current.set(attested("a" + i));
            end(handle);
        }
        over.set(true);
        sender.join();
        assertThat(reasons).containsExactly(Reason.ACTOR_STOPPED);
    }
}
