package io.hyperactor.examples;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Port;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Dijkstra's dining philosophers, in several processes: a [Philosopher] needs the forks to his
/// left and right to eat, and each neighbour needs one of them too. A [Waiter], in a process of his
/// own, hands them out in pairs, so all get to eat and nobody waits for ever.
///
/// What it shows: actors in different procs hold refs to each other and talk through the host
/// without knowing where the other one lives; many actors report to one port of a client; state
/// that only one actor touches needs no lock.
///
/// Run it with `examples/run dining-philosophers [SEATS [MEALS]]`; the defaults are 5 and 100. It
/// prints
///
/// ```
/// philosopher 0, in table-1: 100 meals
/// …
/// 5 philosophers had 500 meals, at most 2 of them at the same time
/// ```
public final class DiningPhilosophers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TABLES = 2;

    private DiningPhilosophers() {}

    /// Runs the program, as the host or as one of its procs.
    ///
    /// @param args how many philosophers, and how many meals for each
    public static void main(String[] args) throws InterruptedException {
        if (ProcMain.isChild()) {
            ProcMain.run(Philosopher.TYPE, Waiter.TYPE); // does not return
        }
        int seats = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int meals = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        if (seats < 2 || meals < 1) {
            throw new IllegalArgumentException("at least two seats and one meal");
        }
        try (Host<ProcAgentMessage> host =
                        Host.serve(
                                ChannelAddress.any(Transport.UNIX),
                                ProcessProcManager.running(DiningPhilosophers.class));
                Client client = host.systemProc().client("restaurant")) {
            List<ReadyProc<ProcAgentMessage>> tables = new ArrayList<>();
            for (int i = 1; i <= TABLES; i++) {
                tables.add(host.spawn("table-" + i));
            }
            ActorRef<WaiterMessage> waiter =
                    client.spawn(
                            host.spawn("kitchen").agent(),
                            "waiter",
                            Waiter.TYPE.with(new Waiter.Params(seats)));
            dine(client, tables, waiter, seats, meals);
        }
    }

    private static void dine(
            Client client,
            List<ReadyProc<ProcAgentMessage>> tables,
            ActorRef<WaiterMessage> waiter,
            int seats,
            int meals)
            throws InterruptedException {
        try (Port<Philosopher.Full> full = client.openPort(Philosopher.Full.class)) {
            for (int seat = 0; seat < seats; seat++) {
                Philosopher.Params params = new Philosopher.Params(seat, meals, waiter, full.ref());
                client.spawn(
                        tables.get(seat % TABLES).agent(),
                        "philosopher-" + seat,
                        Philosopher.TYPE.with(params));
            }
            for (int left = seats; left > 0; left--) {
                Philosopher.Full one =
                        full.receive(PATIENCE)
                                .orElseThrow(() -> new IllegalStateException("somebody starves"));
                System.out.printf(
                        "philosopher %d, in %s: %d meals%n",
                        one.seat(), tables.get(one.seat() % TABLES).procId().name(), one.meals());
            }
        }
        // The waiter may hear of the last meals later than we did: messages keep their order only
        // between the same two.
        WaiterMessage.Bill bill =
                client.ask(
                        waiter,
                        replyTo -> new WaiterMessage.GetBill(seats * meals, replyTo),
                        PATIENCE);
        System.out.printf(
                "%d philosophers had %d meals, at most %d of them at the same time%n",
                seats, bill.meals().stream().mapToInt(Integer::intValue).sum(), bill.mostAtOnce());
        if (!bill.meals().equals(Collections.nCopies(seats, meals))
                || bill.mostAtOnce() > seats / 2) {
            throw new IllegalStateException("that can not be: " + bill);
        }
    }
}
