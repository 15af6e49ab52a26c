package io.hyperactor.system;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.channel.Ledger;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A proc in the process of the test that sends notes, with links of its own, and writes down what
/// it sends and what comes back. **Closing** waits for its acknowledgements.
final class LedgerSender implements AutoCloseable {
    private static final int RECORDS = 20_000;

    private final LedgerFile ledger;
    private final Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "sender");
    private final Map<Integer, Client> streams = new ConcurrentHashMap<>();

    LedgerSender(LedgerRun run) throws IOException {
        this(run, RECORDS);
    }

    LedgerSender(LedgerRun run, int recordsMax) throws IOException {
        ledger = run.ownLedger(recordsMax);
    }

    Proc proc() {
        return proc;
    }

    /// As one client for the whole stream.
    void sendOne(int stream, ActorRef<Tally> to, long number) {
        Client client =
                streams.computeIfAbsent(stream, _ -> SenderProgram.client(proc, ledger, stream));
        ledger.add(Ledger.Kind.SENT, stream, number);
        client.send(to, new Tally.Note(stream, number, new byte[8]));
    }

    /// @param pauseNanos after each message
    void send(int stream, ActorRef<Tally> to, long count, long pauseNanos) {
        for (long i = 1; i <= count; i++) {
            sendOne(stream, to, i);
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }

    @Override
    public void close() {
        streams.values().forEach(Client::close);
        proc.close();
    }
}
