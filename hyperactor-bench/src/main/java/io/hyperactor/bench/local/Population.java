package io.hyperactor.bench.local;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorStatus;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.Proc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Many actors of ours, each with a name and its first message handled.
final class Population implements AutoCloseable {
    private final Proc proc = Proc.local("bench");
    private final Client client = proc.client("creator");
    private final List<ActorHandle<Item>> actors = new ArrayList<>();
    private int rounds;

    /// Returns when all are there and idle. Those of an earlier call stay, too.
    void create(int count) throws Exception {
        Countdown done = new Countdown(count);
        ActorType<Item> type = ActorType.of("idler", Item.class, () -> new Idler(done));
        String prefix = "idler-" + rounds++ + "-";
        for (int i = 0; i < count; i++) {
            ActorHandle<Item> actor = proc.spawn(prefix + i, type);
            client.send(actor.ref(), new Item(i));
            actors.add(actor);
        }
        done.await();
    }

    /// Returns when all have ended.
    void end() {
        List<CompletableFuture<ActorStatus>> ends =
                actors.stream().map(ActorHandle::ended).toList();
        actors.forEach(actor -> actor.stop("round over"));
        ends.forEach(CompletableFuture::join);
        actors.clear();
    }

    @Override
    public void close() {
        proc.close();
    }

    /// Counts, so that it has a field of its own like a real one.
    private static final class Idler implements Actor<Item> {
        private final Countdown done;
        private long handled;

        Idler(Countdown done) {
            this.done = done;
        }

        @Override
        public void receive(Context<Item> cx, Item message) {
            if (++handled == 1) {
                done.one();
            }
        }
    }
}
