package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.PortRef;
import io.hyperactor.Proc;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Ledger.Kind;
import io.hyperactor.host.EchoActor;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Fault rows M14 to M16: messages to where nobody is, returns to where nobody is any more, and a
/// host that is killed and starts again.
@SystemTest
@Tag("rows")
class LostWaysIT {
    @TempDir Path directory;
    @TempDir Path classes;

    /// A message to a destination that is none, and what it comes back as.
    private record Nowhere(String what, Reason reason, Consumer<Client> send) {
        /// To an actor that does not take texts, or is not there.
        static Nowhere text(String what, Reason reason, ActorId to) {
            ActorRef<String> ref = ActorRef.attest(to, String.class);
            return new Nowhere(what, reason, client -> client.send(ref, "nobody reads this"));
        }
    }

    @Test
    @Timeout(300)
    void m14WhatCanNotBeDeliveredIsBackAtOnceWithItsFirstCause() throws Exception {
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host);
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            BlockingQueue<Undeliverable> back = new LinkedBlockingQueue<>();
            client.onUndeliverable(back::add);
            var _ = host.spawn(run.client(), "p");
            var _ = host.spawn(run.client(), "gone");
            OsProcess other = host.spawn(run.client(), "killed");
            ActorRef<Tally> stale = run.recipient("killed", 10);
            other.signal("KILL");
            await().atMost(Patience.LIMIT).until(() -> host.list(run.client()).size() == 2);
            var _ = host.spawn(run.client(), "killed"); // of the same name, another life
            ActorRef<Tally> heir =
                    run.client().spawn(host.procAgent("killed"), stale.id().name(), Recipient.TYPE);
            assertThat(heir.id()).isEqualTo(stale.id());
            ActorRef<Tally> recipient = run.recipient("p", 10);
            ActorRef<Task> failed = host.spawnWorker(run.client(), "p", "failed");
            var _ =
                    catchThrowable(() ->
                            run.client()
                                    .<Task, String>ask(
                                            failed,
                                            replyTo -> new Task.Fail("for good", replyTo),
                                            Patience.LIMIT));
            ActorRef<Task> stopped = host.spawnWorker(run.client(), "p", "stopped");
            PortRef<String> closed = run.client().ask(stopped, Task.ClosePort::new, Patience.LIMIT);
            String _ = run.client().ask(stopped, Task.Quit::new, Patience.LIMIT);
            ActorRef<Task> porter = host.spawnWorker(run.client(), "p", "porter");
            PortRef<String> shut = run.client().ask(porter, Task.ClosePort::new, Patience.LIMIT);
            List<Nowhere> nowhere =
                    List.of(
                            Nowhere.text(
                                    "no such proc",
                                    Reason.NO_ROUTE,
                                    host.proc("nobody").actor("a", 0)),
                            Nowhere.text(
                                    "no such actor",
                                    Reason.ACTOR_NOT_EXIST,
                                    host.proc("p").actor("a", 0)),
                            new Nowhere(
                                    "another life of its name",
                                    Reason.ACTOR_RESTARTED,
                                    from -> from.send(stale, new Tally.Note(1, 1, new byte[0]))),
                            new Nowhere(
                                    "one that has failed",
                                    Reason.ACTOR_FAILED,
                                    from -> from.send(failed, new Task.Tell(recipient))),
                            new Nowhere(
                                    "one that has stopped",
                                    Reason.ACTOR_STOPPED,
                                    from -> from.send(stopped, new Task.Tell(recipient))),
                            new Nowhere(
                                    "a port that is closed",
                                    Reason.PORT_GONE,
                                    from -> from.send(shut, "nobody reads this")),
                            new Nowhere(
                                    "a port of one that has stopped",
                                    Reason.PORT_GONE,
                                    from -> from.send(closed, "nobody reads this")),
                            Nowhere.text(
                                    "an actor of another protocol",
                                    Reason.HANDLER_NOT_BOUND,
                                    recipient.id()),
                            Nowhere.text(
                                    "one of the runtime's, of another protocol",
                                    Reason.HANDLER_NOT_BOUND,
                                    host.proc("p").actor(EchoActor.NAME, 0)));
            for (Nowhere each : nowhere) { // makes the ways
                var _ = comesBack(client, back, each);
            }
            new FaultRow("M14", nowhere.size() + " kinds of nowhere: back with the reason after")
                    .within(
                            Duration.ofMillis(100),
                            nowhere.size() * FaultRow.times(5, 100),
                            round -> comesBack(client, back, nowhere.get(round % nowhere.size())));
            assertThat(back).isEmpty();
            host.stop();
        }
    }

    private static Duration comesBack(
            Client client, BlockingQueue<Undeliverable> back, Nowhere nowhere)
            throws InterruptedException {
        long start = System.nanoTime();
        nowhere.send.accept(client);
        Undeliverable returned = back.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(returned).as(nowhere.what).isNotNull();
        assertThat(returned.failure().reason()).as(nowhere.what).isEqualTo(nowhere.reason);
        assertThat(returned.outcome()).isEqualTo(Undeliverable.Outcome.NOT_DELIVERED);
        assertThat(returned.message()).as(nowhere.what).isPresent();
        return took;
    }

    @Tag("faults")
    @Test
    @Timeout(300)
    void m15ReturnsForASenderThatIsGoneAreCountedAndLeaveNothing() throws Exception {
        int notes = FaultRow.times(2_000, 20_000);
        int rounds = FaultRow.times(2, 20);
        try (HostProcess host = HostProcess.start(classes);
                LedgerRun run = new LedgerRun(directory, host)) {
            int descriptors = host.process().descriptors();
            long abandoned = abandoned(host, run.client());
            for (int round = 0; round < rounds; round++) {
                OsProcess proc = host.spawn(run.client(), "p");
                ActorRef<Tally> to = run.recipient("p", notes);
                Path go = run.signal();
                run.block(to, go);
                Program sender = run.sender(notes + 1000);
                sender.awaitLine(SenderProgram.SERVING);
                sender.say(SenderProgram.order(round + 1, notes, 64, 0, to.id()));
                sender.awaitLine(SenderProgram.SENT);
                sender.process().signal("KILL");
                sender.process().awaitGone();
                proc.signal("STOP"); // what it had not read goes back to nobody
                proc.signal("KILL");
                proc.awaitGone();
                await().atMost(Patience.LIMIT).until(() -> host.list(run.client()).isEmpty());
            }
            ActorRef<Tally> last = run.recipientInNewProc("q", 10);
            long _ = run.client().ask(last, Tally.Count::new, Patience.AT_ONCE);
            Judgement judgement = run.judgeBereaved();
            assertThat(judgement.wrongs()).as("%s", judgement).isEmpty();
            await().atMost(Duration.ofSeconds(60)) // dialling the dead is given up after 30 s
                    .until(() -> host.process().descriptors() <= descriptors + 16);
            assertThat(abandoned(host, run.client()) - abandoned).isGreaterThanOrEqualTo(rounds);
            host.program().endInput();
            int lines = host.program().output(0).size() - 2;
            new FaultRow("M15", rounds + " senders killed before their returns: lines of log")
                    .atMost("lines", lines, 2L * rounds + 70, rounds);
        }
        Leftovers.removeSocketsOfTheKilled();
    }

    /// What a host could not give back.
    private static long abandoned(HostProcess host, Client client) throws InterruptedException {
        return host.counters(client).get("messages.abandoned");
    }

    @Tag("faults")
    @Test
    @Timeout(600)
    void m16AHostThatIsKilledAndStartsAgainAtItsAddressGetsNothingOfBefore() throws Exception {
        Path socket = directory.resolve("host.sock");
        int records = 3_000_000;
        int rounds = FaultRow.times(2, 20);
        try (HostProcess first = HostLaunch.ofWorkers().at(socket).start();
                LedgerRun run = new LedgerRun(directory, first)) {
            Program sender = run.sender(records);
            sender.awaitLine(SenderProgram.SERVING);
            HostProcess[] host = {first};
            new FaultRow("M16", "host killed, started again: until a note of a sender arrives")
                    .within(
                            Duration.ofSeconds(2),
                            rounds,
                            round -> {
                                run.isNow(host[0]);
                                ActorRef<Tally> to = run.recipientInNewProc("p" + round, records);
                                int stream = 2 * round + 1;
                                sender.say(
                                        SenderProgram.order(stream, 40_000, 64, 20_000, to.id()));
                                await().until(() -> run.lastFile(Kind.ENQUEUED) > 1000);
                                host[0].process().signal("KILL");
                                host[0].close();
                                host[0] = HostLaunch.ofWorkers().at(socket).start();
                                run.isNow(host[0]);
                                ActorRef<Tally> heir = run.recipientInNewProc("q" + round, records);
                                long start = System.nanoTime();
                                sender.say(SenderProgram.order(stream + 1, 1000, 64, 0, heir.id()));
                                await().pollInterval(Duration.ofMillis(5))
                                        .until(() -> run.lastFile(Kind.ENQUEUED) > 0);
                                Duration took = Duration.ofNanos(System.nanoTime() - start);
                                sender.awaitLine(SenderProgram.SENT);
                                sender.awaitLine(SenderProgram.SENT);
                                return took;
                            });
            var _ = run.settle(Duration.ofSeconds(3));
            Judgement judgement = run.judgeBereaved();
            System.out.println("M16 " + judgement);
            assertThat(judgement.unknown() + judgement.notDelivered()).isPositive();
            new FaultRow("M16", "of all notes: wrong outcomes, or taken by a later host")
                    .atMost("messages", judgement.wrongs().size(), 0, rounds);
            new FaultRow("M16", "of all notes: nobody knows what became of them")
                    .atMost("messages", judgement.silent(), 0, rounds);
            host[0].stop();
        }
        Leftovers.removeSocketsOfTheKilled();
        Files.deleteIfExists(socket);
    }
}
