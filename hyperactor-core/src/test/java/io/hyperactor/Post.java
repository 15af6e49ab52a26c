package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The ledger of a simulation: what became of each message, as both ends say it.
final class Post {
    /// What a sender was told when a proc ended, or a process that others had passed something on
    /// to.
    record Doubt(SimClient sender, ActorId to, Undeliverable.Numbers numbers, long at) {}

    private final RouteWorld world;
    private final Map<Long, Letter> letters = new LinkedHashMap<>();
    private final Map<Long, Long> lastOf = new LinkedHashMap<>();
    final List<SimHost.Binding> bindings = new ArrayList<>();
    final List<Doubt> doubts = new ArrayList<>();

    /// Those of whole processes.
    final List<Doubt> ofProcesses = new ArrayList<>();

    final List<String> wrongs = new ArrayList<>();
    private final List<Letter> inOrder = new ArrayList<>(); // as they were handled
    private long streams;

    Post(RouteWorld world) {
        this.world = world;
    }

    long newStream() {
        return ++streams;
    }

    Letter written(
            long stream,
            SimClient sender,
            ActorId to,
            boolean isAsk,
            boolean isLarge,
            long limitAt) {
        long number = lastOf.merge(stream, 1L, Long::sum);
        Letter letter =
                new Letter(
                        stream << 32 | number,
                        sender,
                        to,
                        isAsk,
                        isLarge,
                        world.sim.now(),
                        limitAt);
        letters.put(letter.id, letter);
        world.story("sent", letter);
        world.sim.trace(1, letter.id);
        return letter;
    }

    Letter letter(long id) {
        Letter letter = letters.get(id);
        if (letter == null) {
            throw new IllegalStateException("nobody has sent " + id);
        }
        return letter;
    }

    /// The first that its sender has sent to the same actor.
    Letter firstBefore(Letter letter) {
        return letter(letter.id >>> 32 << 32 | 1);
    }

    /// Plain ones of one sender to one actor, in their order.
    List<Letter> sent(SimClient sender, ActorId to) {
        return letters.values().stream()
                .filter(letter -> letter.sender == sender && letter.to.equals(to) && !letter.isAsk)
                .toList();
    }

    Iterable<Letter> letters() {
        return letters.values();
    }

    List<Letter> inOrder() {
        return inOrder;
    }

    int size() {
        return letters.size();
    }

    void handled(long id, ActorId by) {
        Letter letter = letter(id);
        world.story("handled", letter);
        world.sim.trace(2, id);
        if (!letter.to.equals(by)) {
            wrong("handled by " + by, letter);
        }
        if (letter.sender.isImpostor()) {
            wrong("handled, though its sender is somebody else", letter);
        }
        if (letter.handled++ > 0) {
            wrong("handled twice", letter);
        }
        letter.handledAt = world.sim.now();
        inOrder.add(letter);
    }

    void returned(long id, Letter.Back back) {
        Letter letter = letter(id);
        world.sim.trace(3, id * 31 + back.reason().name().hashCode());
        if (letter.isAsk) {
            wrong("a request that came back to a listener", letter);
        }
        letter.backs.add(back);
        world.story("back", letter);
    }

    void answered(Letter letter, Letter.Answer answer, boolean isRight) {
        world.sim.trace(4, letter.id * 31 + answer.kind().name().hashCode());
        letter.answers.add(answer);
        world.story("answer", letter);
        if (!isRight) {
            wrong("an answer to something else", letter);
        }
    }

    void inDoubt(SimClient sender, ActorId to, Undeliverable.Numbers numbers) {
        world.sim.trace(5, numbers.first() * 31 + numbers.last());
        Doubt doubt = new Doubt(sender, to, numbers, world.sim.now());
        world.story("told", doubt);
        doubts.add(doubt);
    }

    /// Its asker may wait until its limit.
    void answerCameBack(long id) {
        letter(id).isAnswerBack = true;
    }

    void fails(ActorId actor) {
        world.fails(actor);
    }

    void wrong(String what, Letter letter) {
        wrongs.add(what + ": " + letter);
    }

    /// Whether nobody ever bound it: it is dialled.
    boolean isWithoutHost(ProcId proc) {
        return bindings.stream().noneMatch(binding -> binding.proc.equals(proc));
    }
}
