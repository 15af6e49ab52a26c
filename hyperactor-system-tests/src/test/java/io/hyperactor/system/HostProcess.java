package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// A host in a process of its own, without the classes of these tests, whose procs are
/// [WorkerProc]s; reached as anybody can reach it, through its address alone.
///
/// @param agent its [HostAgent]
record HostProcess(Program program, ChannelAddress address, ActorRef<HostAgentMessage> agent)
        implements AutoCloseable {

    /// @param directory for the classes that it has
    static HostProcess start(Path directory) throws IOException, InterruptedException {
        return start(directory, "unix:");
    }

    static HostProcess start(Path directory, String address)
            throws IOException, InterruptedException {
        Program program =
                Program.java(
                        ClassPaths.runtimeAnd(directory, HostProgram.class),
                        HostProgram.class.getName(),
                        address,
                        "java",
                        System.getProperty("java.class.path"),
                        WorkerProc.class.getName());
        return serving(program);
    }

    static HostProcess serving(Program program) throws InterruptedException {
        try {
            return at(program.awaitLine("serving "), program);
        } catch (RuntimeException | Error | InterruptedException e) {
            program.close();
            throw e;
        }
    }

    /// One whose output nobody reads, at the address that it was told.
    static HostProcess at(String text, Program program) {
        ChannelAddress address = ChannelAddress.parse(text);
        ProcId service = new ProcId(address, Host.SERVICE_PROC_NAME);
        return new HostProcess(
                program,
                address,
                ActorRef.attest(service.actor(HostAgent.NAME, 0), HostAgentMessage.class));
    }

    ProcId proc(String name) {
        return new ProcId(address, name);
    }

    /// The process of a new proc.
    OsProcess spawn(Client client, String name) throws InterruptedException {
        return spawned(request(client, name).join());
    }

    /// The processes of new procs that are spawned at the same time.
    List<OsProcess> spawn(Client client, List<String> names) {
        return names.stream()
                .map(name -> request(client, name))
                .toList() // all of them, before the first answer is waited for
                .stream()
                .map(reply -> spawned(reply.join()))
                .toList();
    }

    static OsProcess spawned(HostAgentMessage.SpawnReply reply) {
        assertThat(reply).isInstanceOf(HostAgentMessage.Spawned.class);
        return OsProcess.of(((HostAgentMessage.Spawned) reply).pid());
    }

    /// Asks for a new proc, and does not wait.
    CompletableFuture<HostAgentMessage.SpawnReply> request(Client client, String name) {
        return client.request(
                agent, replyTo -> new HostAgentMessage.SpawnProc(name, replyTo), Patience.LIMIT);
    }

    OsProcess process() {
        return program.process();
    }

    /// A new [Worker], named so, in a proc.
    ActorRef<Task> spawnWorker(Client client, String proc, String name)
            throws InterruptedException {
        return client.spawn(procAgent(proc), name, Worker.TYPE);
    }

    ActorRef<ProcAgentMessage> procAgent(String proc) {
        return ActorRef.attest(proc(proc).actor(ProcAgent.NAME, 0), ProcAgentMessage.class);
    }

    List<HostAgentMessage.ProcInfo> list(Client client) throws InterruptedException {
        return client.ask(agent, HostAgentMessage.ListProcs::new, Patience.LIMIT);
    }

    /// All that it counts, by name.
    Map<String, Long> counters(Client client) throws InterruptedException {
        return client.ask(agent, HostAgentMessage.GetCounters::new, Patience.LIMIT).stream()
                .collect(
                        Collectors.toMap(
                                HostAgentMessage.Counter::name, HostAgentMessage.Counter::value));
    }

    /// How much of a processor it uses, in the next two seconds.
    long busyPercent() {
        long before = process().stat().orElseThrow().cpuMillis();
        long start = System.nanoTime();
        Pause.of(Duration.ofSeconds(2));
        long used = process().stat().orElseThrow().cpuMillis() - before;
        return used * 100 / Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /// Ends it in good order. What its procs have printed may be logged after the last word.
    void stop() throws IOException, InterruptedException {
        program.endInput();
        assertThat(program.output(0)).contains("closed");
    }

    /// Kills it, and thereby its procs.
    @Override
    public void close() {
        program.close();
    }
}
