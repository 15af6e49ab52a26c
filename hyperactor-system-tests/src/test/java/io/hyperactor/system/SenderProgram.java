package io.hyperactor.system;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Ledger;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Sends notes to recipients, as it is told by lines on its standard input, and writes down what it
/// sends and what comes back, until its input ends.
final class SenderProgram {
    /// Before the number of a stream: all of it has been sent.
    static final String SENT = "sent ";

    /// Before its address.
    static final String SERVING = "serving ";

    /// Before the id of a recipient that it has had spawned.
    static final String OPENED = "opened ";

    /// Before how long, in milliseconds, a peer was silent that it suspects.
    static final String SUSPECTED = "suspected ";

    private static final String OPEN = "open";

    private static final Set<DeliveryFailure.Reason> TOLD = ConcurrentHashMap.newKeySet();

    private SenderProgram() {}

    /// A line for it: to have a new proc spawned by a host, and a recipient in it.
    static String open(ChannelAddress host, String proc, Path ledger, int recordsMax) {
        return OPEN + " " + proc + " " + recordsMax + " " + ledger + " " + host;
    }

    /// A line for it.
    ///
    /// @param pauseNanos from one message to the next; what is late is made up for
    static String order(int stream, long count, int padding, long pauseNanos, ActorId to) {
        return stream + " " + count + " " + padding + " " + pauseNanos + " " + to;
    }

    /// @param args its ledger, how many records that may have, its address
    public static void main(String[] args) throws IOException, InterruptedException {
        LedgerFile ledger = LedgerFile.create(Path.of(args[0]), Integer.parseInt(args[1]));
        ChannelConfig config = HostProgram.channels().withEvents(SenderProgram::tell);
        Channels channels = new Channels(config);
        Proc proc =
                Proc.direct(
                        ChannelAddress.parse(args[2]),
                        "sender",
                        ProcConfig.defaults().withChannels(channels));
        System.out.println(SERVING + proc.id().address());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", 5);
            if (words[0].equals(OPEN)) {
                System.out.println(OPENED + open(proc, words));
            } else {
                begin(proc, ledger, words);
            }
        }
        proc.close();
        channels.close();
    }

    private static void tell(ChannelEvent event) {
        if (event instanceof ChannelEvent.PeerSuspected suspected) {
            System.out.println(SUSPECTED + suspected.silence().toMillis());
        }
    }

    private static ActorId open(Proc proc, String[] words) throws InterruptedException {
        ChannelAddress host = ChannelAddress.parse(words[4]);
        ActorRef<HostAgentMessage> agent =
                ActorRef.attest(
                        new ProcId(host, Host.SERVICE_PROC_NAME).actor(HostAgent.NAME, 0),
                        HostAgentMessage.class);
        ActorRef<ProcAgentMessage> procAgent =
                ActorRef.attest(
                        new ProcId(host, words[1]).actor(ProcAgent.NAME, 0),
                        ProcAgentMessage.class);
        try (Client client = proc.client("opener")) {
            HostAgentMessage.SpawnReply _ =
                    client.ask(
                            agent,
                            replyTo -> new HostAgentMessage.SpawnProc(words[1], replyTo),
                            Patience.LIMIT);
            ActorRef<Tally> recipient = client.spawn(procAgent, "recipient", Recipient.TYPE);
            long _ =
                    client.ask(
                            recipient,
                            replyTo ->
                                    new Tally.Open(words[3], Integer.parseInt(words[2]), replyTo),
                            Patience.LIMIT);
            return recipient.id();
        }
    }

    private static void begin(Proc proc, LedgerFile ledger, String[] words) {
        int stream = Integer.parseInt(words[0]);
        Client client = client(proc, ledger, stream);
        ActorRef<Tally> to = ActorRef.attest(ActorId.parse(words[4]), Tally.class);
        long count = Long.parseLong(words[1]);
        byte[] padding = new byte[Integer.parseInt(words[2])];
        long pause = Long.parseLong(words[3]);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    long start = System.nanoTime();
                    for (long i = 1; i <= count; i++) {
                        ledger.add(Ledger.Kind.SENT, stream, i);
                        client.send(to, new Tally.Note(stream, i, padding));
                        if (pause > 0) {
                            LockSupport.parkNanos(start + i * pause - System.nanoTime());
                        }
                    }
                    System.out.println(SENT + stream);
                });
    }

    static Client client(Proc proc, LedgerFile ledger, int stream) {
        Client client = proc.client("stream-" + stream);
        client.onUndeliverable(returned -> {
            if (returned.numbers().isPresent()) { // a client sends the notes of one stream
                Undeliverable.Numbers numbers = returned.numbers().get();
                for (long number = numbers.first(); number <= numbers.last(); number++) {
                    ledger.add(Ledger.Kind.UNKNOWN, stream, number);
                }
                return;
            }
            if (TOLD.add(returned.failures().getFirst().reason())) {
                System.out.println("the first that came back so: " + returned);
            }
            var note = (Tally.Note) returned.message().orElseThrow();
            boolean sure = returned.outcome() == Undeliverable.Outcome.NOT_DELIVERED;
            ledger.add(
                    sure ? Ledger.Kind.NOT_DELIVERED : Ledger.Kind.UNKNOWN,
                    note.stream(),
                    note.number());
        });
        return client;
    }
}
