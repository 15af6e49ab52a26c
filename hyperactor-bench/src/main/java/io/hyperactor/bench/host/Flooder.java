package io.hyperactor.bench.host;

import io.hyperactor.ActorRef;
import io.hyperactor.AskException;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.bench.Peer;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.time.Duration;

/// Sends to a [Slow] actor as fast as it is let, from when it is told to until it is told to stop.
public final class Flooder {
    static final String START = "start";
    static final String STOP = "stop";

    private static final int PAYLOAD_BYTES = 1024;
    private static final Duration TO_FILL_UP = Duration.ofMillis(300); // mailbox and link
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Client client;
    private final ActorRef<Slow.Task> slow;
    private final ActorRef<Valve.Turn> valve;
    private volatile boolean flooding;
    private Thread sender = new Thread(); // there is none yet

    private Flooder(Client client, String slow, String valve) {
        this.client = client;
        this.slow = ActorRef.attest(ActorId.parse(slow), Slow.Task.class);
        this.valve = ActorRef.attest(ActorId.parse(valve), Valve.Turn.class);
    }

    /// Runs until the input ends.
    ///
    /// @param arguments the ids of the actor and of its valve
    public static void main(String[] arguments) throws IOException {
        Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "flooder");
        Client client = proc.client("flooder");
        client.onUndeliverable(_ -> {}); // what found no room
        Flooder flooder = new Flooder(client, arguments[0], arguments[1]);
        Peer.serve(client.id().toString(), flooder::obey);
        Runtime.getRuntime().halt(0);
    }

    private String obey(String line) {
        try {
            switch (line) {
                case START -> start();
                case STOP -> stop();
                default -> throw new IllegalArgumentException(line);
            }
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns when there is no more room for what it sends.
    private void start() throws InterruptedException {
        turn(true);
        flooding = true;
        sender = Thread.ofPlatform().daemon().start(this::flood);
        Thread.sleep(TO_FILL_UP);
    }

    private void flood() {
        Slow.Task.Work work = new Slow.Task.Work(new byte[PAYLOAD_BYTES]);
        while (flooding) {
            client.send(slow, work);
        }
    }

    /// Returns when nothing of the flood is left anywhere.
    private void stop() throws InterruptedException {
        turn(false); // first, for the sender may wait for room
        flooding = false;
        sender.join();
        while (!isRidOfAll()) {
            Thread.onSpinWait();
        }
    }

    private void turn(boolean open) throws InterruptedException {
        client.<Valve.Turn, Boolean>ask(valve, port -> new Valve.Turn(open, port), PATIENCE);
    }

    /// False if there was no room even for the question.
    private boolean isRidOfAll() throws InterruptedException {
        try {
            return client.<Slow.Task, Boolean>ask(slow, Slow.Task.Last::new, PATIENCE);
        } catch (AskException.Undelivered e) {
            return false;
        }
    }
}
