package io.hyperactor.system;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/// Somebody who has nothing to do with a fault, and must not feel it: asks a recipient of its own
/// again and again. What it measures is the wait that one in a hundred exceeds.
final class Neighbour {
    private static final int FEW = 200;

    private final Client client;
    private final ActorRef<Tally> recipient;

    Neighbour(Client client, ActorRef<Tally> recipient) {
        this.client = client;
        this.recipient = recipient;
    }

    /// How long answers take when nothing is wrong.
    Duration quiet(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        return measure(() -> System.nanoTime() - end < 0);
    }

    /// How much longer than twice `quiet` answers take while `fault` runs; zero if they do not.
    Duration disturbedBy(Duration quiet, Callable<?> fault) throws Exception {
        List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                fault.call();
                            } catch (Throwable e) {
                                failed.add(e);
                            }
                        });
        Duration measured = measure(thread::isAlive);
        thread.join();
        for (Throwable e : failed) {
            throw new AssertionError("the fault did not happen", e);
        }
        Duration more = measured.minus(quiet.multipliedBy(2));
        return more.isNegative() ? Duration.ZERO : more;
    }

    /// Which wait one in a hundred exceeds, of [#FEW] questions or more.
    static Duration percentile(Callable<?> question) throws Exception {
        return percentile(question, () -> false);
    }

    private Duration measure(Callable<Boolean> goesOn) throws Exception {
        return percentile(() -> client.ask(recipient, Tally.Count::new, Patience.LIMIT), goesOn);
    }

    private static Duration percentile(Callable<?> question, Callable<Boolean> goesOn)
            throws Exception {
        List<Long> nanos = new ArrayList<>();
        while (goesOn.call() || nanos.size() < FEW) {
            long start = System.nanoTime();
            Object _ = question.call();
            nanos.add(System.nanoTime() - start);
        }
        Collections.sort(nanos);
        return Duration.ofNanos(nanos.get(nanos.size() * 99 / 100));
    }
}
