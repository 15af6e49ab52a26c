package io.hyperactor.examples;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/// Finds the first primes with a chain of actors that grows while it works: the sieve of
/// Eratosthenes, one [Filter] per prime, spread over several processes.
///
/// What it shows: an actor spawns another one in another process, by type and with parameters; refs
/// to actors travel inside parameters and messages; order holds along the whole chain, so that one
/// last message collects the result without any further bookkeeping. The program itself is a client
/// on the host's `service` proc; the host's `local` proc exists but stays empty.
///
/// Run it with `examples/run sieve [PRIMES [PROCS]]`; the defaults are 100 and 2. It prints where
/// the filters were, and the primes:
///
/// ```
/// proc-1, process 4711: 50 filters
/// proc-2, process 4712: 50 filters
/// 100 primes: 2 3 5 7 11 … 523 541
/// ```
public final class Sieve {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Sieve() {}

    /// Runs the program, as the host or as one of its procs.
    ///
    /// @param args how many primes, and in how many procs
    public static void main(String[] args) throws InterruptedException {
        if (ProcMain.isChild()) {
            ProcMain.run(Filter.TYPE); // does not return
        }
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int procs = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        if (count < 1 || procs < 1) {
            throw new IllegalArgumentException("at least one prime and one proc");
        }
        // Filters start the next one in another proc, which procs may do only if they are told so.
        ProcSpec spec = ProcSpec.java(JavaCommand.of(Sieve.class)).withHostControl();
        try (Host<ProcAgentMessage> host =
                        Host.serve(
                                ChannelAddress.any(Transport.UNIX),
                                ProcessProcManager.running(spec));
                Client client = host.systemProc().client("sieve")) {
            List<ReadyProc<ProcAgentMessage>> places = new ArrayList<>();
            for (int i = 1; i <= procs; i++) {
                places.add(host.spawn("proc-" + i));
            }
            List<Long> primes = primes(client, count, places);
            for (ReadyProc<ProcAgentMessage> place : places) {
                System.out.println(filters(client, place));
            }
            System.out.println(summary(primes));
            check(count, primes);
            if (!host.localProc().actors().isEmpty()) {
                throw new IllegalStateException("somebody is in " + host.localProc());
            }
        }
    }

    private static List<Long> primes(
            Client client, int count, List<ReadyProc<ProcAgentMessage>> procs)
            throws InterruptedException {
        List<ActorRef<ProcAgentMessage>> places = new ArrayList<>();
        procs.forEach(proc -> places.add(proc.agent()));
        ActorRef<ProcAgentMessage> firstPlace = places.getFirst();
        Collections.rotate(places, -1);
        Filter.Params two = new Filter.Params(2, count - 1, places);
        ActorRef<FilterMessage> first = client.spawn(firstPlace, two.name(), Filter.TYPE.with(two));
        long last = notBelowPrime(count);
        for (long number = 3; number <= last; number++) {
            client.send(first, new FilterMessage.Candidate(number));
        }
        return client.ask(
                first, replyTo -> new FilterMessage.Collect(List.of(), replyTo), PATIENCE);
    }

    /// A bound for the prime number `n`, by Rosser's theorem; the small ones it does not cover are
    /// not above 13.
    private static long notBelowPrime(int n) {
        double log = Math.log(n);
        return n < 6 ? 13 : (long) Math.ceil(n * (log + Math.log(log)));
    }

    private static String filters(Client client, ReadyProc<ProcAgentMessage> proc)
            throws InterruptedException {
        int actors = client.ask(proc.agent(), ProcAgentMessage.GetReport::new, PATIENCE).actors();
        return "%s, process %d: %d filters"
                .formatted(
                        proc.procId().name(),
                        proc.pid().orElseThrow(),
                        actors - 2); // without the agent and the echo actor that each proc has
    }

    private static String summary(List<Long> primes) {
        StringBuilder text = new StringBuilder(primes.size() + " primes:");
        for (int i = 0; i < primes.size(); i++) {
            if (i < 5 || i >= primes.size() - 2) {
                text.append(' ').append(primes.get(i));
            } else if (i == 5) {
                text.append(" …");
            }
        }
        return text.toString();
    }

    /// The same in one line, by trial division.
    private static void check(int count, List<Long> primes) {
        List<Long> expected =
                LongStream.iterate(2, n -> n + 1)
                        .filter(n -> LongStream.range(2, n).noneMatch(d -> n % d == 0))
                        .limit(count)
                        .boxed()
                        .toList();
        if (!primes.equals(expected)) {
            throw new IllegalStateException("not the first primes: " + primes);
        }
    }
}
