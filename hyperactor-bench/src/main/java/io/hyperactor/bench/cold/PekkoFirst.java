package io.hyperactor.bench.cold;

import io.hyperactor.bench.PekkoSystem;
import io.hyperactor.bench.remote.PekkoFirstAsk;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// [First] with Pekko. Its host is an actor system that others can reach. The guardian spawns the
/// actor when it is set up, as Pekko advises: so nothing is asked before the first ask.
public final class PekkoFirst {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final CountDownLatch spawned = new CountDownLatch(1);
    private static final CountDownLatch told = new CountDownLatch(1);

    private PekkoFirst() {}

    private sealed interface Word {
        record Tell(long number) implements Word {}

        record Ask(ActorRef<Long> replyTo) implements Word {}
    }

    /// Runs once.
    ///
    /// @param arguments `spawn`, `tell`, `ask`, `remote` or `host`
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "host" -> {
                PekkoFirstAsk.startSystem();
                Once.ready();
                var _ = System.in.read(); // its end
            }
            case "remote" -> Once.took(PekkoFirstAsk.once());
            default -> local(arguments[0]);
        }
        Runtime.getRuntime().halt(0);
    }

    /// What the guardian knows when it has spawned the actor.
    private record Spawned(ActorRef<Word> actor, long startedAt) {}

    private static void local(String what) throws Exception {
        CompletableFuture<Spawned> guardian = new CompletableFuture<>();
        ActorSystem<Word> system = PekkoSystem.start(guardian(guardian), "");
        Spawned first = guardian.join();
        spawned.await();
        long start = first.startedAt;
        if (what.equals("tell")) {
            start = System.nanoTime();
            first.actor.tell(new Word.Tell(1));
            told.await();
        } else if (what.equals("ask")) {
            start = System.nanoTime();
            var _ =
                    AskPattern.<Word, Long>ask(
                                    first.actor, Word.Ask::new, PATIENCE, system.scheduler())
                            .toCompletableFuture()
                            .join();
        }
        Once.took(System.nanoTime() - start);
    }

    /// Its set-up runs when the system has been started.
    private static Behavior<Word> guardian(CompletableFuture<Spawned> done) {
        return Behaviors.setup(context -> {
            long start = System.nanoTime();
            ActorRef<Word> actor = context.spawn(Behaviors.setup(Listener::new), "actor");
            done.complete(new Spawned(actor, start));
            return Behaviors.ignore();
        });
    }

    private static final class Listener extends AbstractBehavior<Word> {
        Listener(ActorContext<Word> context) {
            super(context);
            spawned.countDown();
        }

        @Override
        public Receive<Word> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::hear).build();
        }

        private Behavior<Word> hear(Word message) {
            if (message instanceof Word.Ask(var replyTo)) { // no switch, as in First
                replyTo.tell(1L);
            } else {
                told.countDown();
            }
            return this;
        }
    }
}
