package io.hyperactor.examples;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// A filter of the [Sieve]: knows one prime, and lets through what that does not divide. The first
/// number that gets through is the next prime, for which it spawns the next filter, in another proc
/// if there are several.
final class Filter implements Actor<FilterMessage> {
    static final ActorType.WithParams<Params, FilterMessage> TYPE =
            ActorType.of("filter", FilterMessage.class, Params.class, Filter::new);

    /// What a filter is spawned with.
    ///
    /// @param prime its prime
    /// @param more how many filters may follow it
    /// @param places the agents of the procs for the filters that follow, the next one's first
    record Params(long prime, int more, List<ActorRef<ProcAgentMessage>> places) {
        String name() {
            return "filter-" + prime;
        }

        Params following(long nextPrime) {
            List<ActorRef<ProcAgentMessage>> rest = new ArrayList<>(places);
            Collections.rotate(rest, -1);
            return new Params(nextPrime, more - 1, rest);
        }
    }

    private final Params params;
    private Optional<ActorRef<FilterMessage>> next = Optional.empty();

    private Filter(Params params) {
        this.params = params;
    }

    @Override
    public void receive(Context<FilterMessage> cx, FilterMessage message)
            throws InterruptedException {
        switch (message) {
            case FilterMessage.Candidate(long number) -> {
                if (number % params.prime() != 0) {
                    sift(cx, number);
                }
            }
            case FilterMessage.Collect(var primes, var replyTo) -> collect(cx, primes, replyTo);
        }
    }

    private void sift(Context<FilterMessage> cx, long number) throws InterruptedException {
        if (next.isPresent()) {
            cx.send(next.get(), new FilterMessage.Candidate(number));
        } else if (params.more() > 0) {
            Params following = params.following(number);
            // This waits for an answer of the other proc; what arrives here meanwhile queues up.
            next =
                    Optional.of(
                            cx.spawn(
                                    params.places().getFirst(),
                                    following.name(),
                                    TYPE.with(following)));
        }
    }

    private void collect(
            Context<FilterMessage> cx, List<Long> primes, OncePortRef<List<Long>> replyTo) {
        List<Long> all = new ArrayList<>(primes);
        all.add(params.prime());
        next.ifPresentOrElse(
                filter -> cx.send(filter, new FilterMessage.Collect(all, replyTo)),
                () -> cx.send(replyTo, all));
    }
}
