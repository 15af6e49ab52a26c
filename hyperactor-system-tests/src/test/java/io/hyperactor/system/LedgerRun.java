package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Ledger.Kind;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// One run of senders and recipients in processes of their own, all of which write ledgers, over
/// one host; and a client of the test that directs them. **Closing** kills them.
final class LedgerRun implements AutoCloseable {
    private static final long LOOK_NANOS = 20_000_000;

    private final Path directory;
    private HostProcess host;
    private final Proc here;
    private final Client client;
    private final List<Path> files = new ArrayList<>();
    private final List<Program> senders = new ArrayList<>();
    private int signals;

    /// @param directory for the ledgers
    LedgerRun(Path directory, HostProcess host) {
        this(directory, host, ChannelAddress.any(Transport.UNIX));
    }

    LedgerRun(Path directory, HostProcess host, ChannelAddress mine) {
        this(directory, host, mine, Channels.shared());
    }

    /// @param channels closed by whoever made them
    LedgerRun(Path directory, HostProcess host, ChannelAddress mine, Channels channels) {
        this.directory = directory;
        this.host = host;
        this.here = Proc.direct(mine, "director", ProcConfig.defaults().withChannels(channels));
        this.client = here.client("director");
    }

    HostProcess host() {
        return host;
    }

    /// Another host has taken its place.
    void isNow(HostProcess heir) {
        host = heir;
    }

    Client client() {
        return client;
    }

    /// A new recipient in a proc that is there.
    ActorRef<Tally> recipient(String proc, int recordsMax) throws InterruptedException {
        return recipients(proc, 1, recordsMax).getFirst();
    }

    /// So many that write one ledger together.
    List<ActorRef<Tally>> recipients(String proc, int count, int recordsMax)
            throws InterruptedException {
        Path file = file();
        List<ActorRef<Tally>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ActorRef<Tally> recipient =
                    client.spawn(
                            host.procAgent(proc), file.getFileName() + "-" + i, Recipient.TYPE);
            long _ =
                    client.ask(
                            recipient,
                            replyTo -> new Tally.Open(file.toString(), recordsMax, replyTo),
                            Patience.LIMIT);
            all.add(recipient);
        }
        return all;
    }

    /// A recipient in a proc that is new, in which nothing is left to do.
    ActorRef<Tally> recipientInNewProc(String proc, int recordsMax) throws InterruptedException {
        var _ = host.spawn(client, proc);
        return recipient(proc, recordsMax);
    }

    /// A file that tells blocked recipients to go on, once it is there.
    Path signal() {
        return directory.resolve("signal-" + signals++);
    }

    /// Has a recipient handle nothing until `signal` is there.
    void block(ActorRef<Tally> recipient, Path signal) throws InterruptedException {
        long _ =
                client.ask(
                        recipient,
                        replyTo -> new Tally.Block(signal.toString(), replyTo),
                        Patience.LIMIT);
    }

    /// The name of a new ledger, for whoever writes it.
    Path file() {
        Path file = directory.resolve("ledger-" + files.size());
        files.add(file);
        return file;
    }

    /// A ledger for a sender in the process of the test.
    LedgerFile ownLedger(int recordsMax) throws IOException {
        return LedgerFile.create(file(), recordsMax);
    }

    /// A new process that sends.
    Program sender(int recordsMax) throws IOException, InterruptedException {
        return sender(recordsMax, "unix:");
    }

    Program sender(int recordsMax, String address) throws IOException, InterruptedException {
        return sender(recordsMax, address, List.of(), List.of());
    }

    /// @param before what stands in front of its command
    /// @param flags of its JVM
    Program sender(int recordsMax, String address, List<String> before, List<String> flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                Program.javaCommand(ClassPaths.everything(), flags, SenderProgram.class.getName()));
        command.addAll(List.of(file().toString(), String.valueOf(recordsMax), address));
        Program sender = Program.run(command);
        senders.add(sender);
        return sender;
    }

    /// How many records of these kinds there are by now.
    long count(Kind... kinds) throws IOException {
        return LedgerFile.count(files, kinds);
    }

    /// All records of these kinds, those of one file in their order.
    List<LedgerFile.Line> lines(Kind... kinds) throws IOException {
        List<LedgerFile.Line> all = new ArrayList<>();
        for (Path file : files) {
            for (LedgerFile.Line line : LedgerFile.read(file)) {
                if (List.of(kinds).contains(line.kind())) {
                    all.add(line);
                }
            }
        }
        return all;
    }

    /// How many records of that kind the ledger has that was begun last.
    long lastFile(Kind kind) throws IOException {
        return LedgerFile.count(files.getLast(), kind);
    }

    /// How many messages of a stream were handled.
    long handled(int stream) throws IOException {
        return lines(Kind.ENQUEUED).stream().filter(line -> line.stream() == stream).count();
    }

    /// How many messages of a stream came back.
    long back(int stream) throws IOException {
        return lines(Kind.NOT_DELIVERED, Kind.UNKNOWN).stream()
                .filter(line -> line.stream() == stream)
                .count();
    }

    /// Waits until everything that was sent has an outcome, but not for ever: what is missing then
    /// the [Judgement] says.
    ///
    /// @return how long that took
    Duration settle(Duration limit) throws IOException {
        long start = System.nanoTime();
        long end = start + limit.toNanos();
        while (!Judgement.isDue(files) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Of runs in which no process died.
    Judgement judge() throws IOException {
        return Judgement.of(files);
    }

    /// Of runs in which one did.
    Judgement judgeBereaved() throws IOException {
        return Judgement.ofTheBereaved(files);
    }

    /// Every message had its one true outcome; and there were some.
    Judgement assertClean() throws IOException {
        Judgement judgement = judge();
        assertThat(judgement.wrongs()).as("%s", judgement).isEmpty();
        assertThat(judgement.sent()).isPositive();
        return judgement;
    }

    @Override
    public void close() {
        senders.forEach(LedgerRun::end);
        client.close();
        here.close();
    }

    /// In good order, so that it removes its socket; if it was not killed before.
    private static void end(Program sender) {
        try {
            if (sender.process().isAlive()) {
                sender.endInput();
                sender.process().awaitGone();
            }
        } catch (IOException e) {
            // killed by now
        } finally {
            sender.close();
        }
    }
}
