package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.ActorTypes;
import io.hyperactor.Client;
import io.hyperactor.Port;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgent;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Hosts with procs inside this process: the seed's `test_basic`, and what its quirks became.
class LocalProcManagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static LocalProcManager<EchoMessage> echoes() {
        return new LocalProcManager<>(proc -> proc.spawn("host_agent", EchoActor.TYPE));
    }

    private static Host<EchoMessage> hostOf(LocalProcManager<EchoMessage> manager) {
        return Host.bind(ChannelAddress.any(Transport.LOCAL), manager);
    }

    @Test
    void procsOfOneHostReachEachOtherAndItsSystemProcThoughTheFrontendIsNotServed()
            throws Exception { // the seed's test_basic
        LocalProcManager<EchoMessage> manager = echoes();
        try (Host<EchoMessage> host = hostOf(manager)) {
            ProcId id1 = host.spawn("proc1").procId();
            ProcId id2 = host.spawn("proc2").procId();
            assertThat(id1).isEqualTo(new ProcId(host.address(), "proc1"));
            Proc proc1 = manager.proc(id1).orElseThrow();
            Proc proc2 = manager.proc(id2).orElseThrow();

            try (Client client1 = proc1.client("client");
                    Client client2 = proc2.client("client");
                    Client system = host.systemProc().client("test")) {
                Port<String> port1 = client1.openPort(String.class);
                client2.send(port1.ref(), "hello");
                assertThat(port1.receive(PATIENCE)).contains("hello");

                system.send(port1.ref(), "hello from the system proc");
                assertThat(port1.receive(PATIENCE)).contains("hello from the system proc");

                Port<String> systemPort = system.openPort(String.class);
                system.send(systemPort.ref(), "hello from the system");
                assertThat(systemPort.receive(PATIENCE)).contains("hello from the system");

                client1.send(systemPort.ref(), "hello from client1");
                assertThat(systemPort.receive(PATIENCE)).contains("hello from client1");
            }
        }
    }

    @Test
    void localReadyAndWaitAreImmediate() {
        ProcId procId = new ProcId(new ChannelAddress.Local(7), "p");
        ActorRef<EchoMessage> agent =
                ActorRef.attest(procId.actor("host_agent", 0), EchoMessage.class);
        LocalHandle<EchoMessage> handle =
                new LocalHandle<>(procId, procId.address(), agent, echoes());

        assertThat(handle.ready()).isCompleted();
        assertThat(handle.exit()).isCompleted();
        CompletableFuture<Void> second = handle.ready();
        CompletableFuture<Void> third = handle.ready();
        assertThat(CompletableFuture.allOf(second, third)).isCompleted();
    }

    @Test
    void aProcThatRunsHasNotEnded() throws Exception {
        try (Host<EchoMessage> host = hostOf(echoes())) {
            ReadyProc<EchoMessage> proc = host.spawn("p");
            assertThat(proc.handle().exit()).isNotDone();

            ProcExit exit = host.kill("p");

            assertThat(proc.handle().exit()).isCompletedWithValue(exit);
        }
    }

    @Test
    void aTerminatedProcsNameIsFree() throws Exception { // quirk 1
        try (Host<EchoMessage> host = hostOf(echoes());
                Client client = host.systemProc().client("test")) {
            ReadyProc<EchoMessage> first = host.spawn("p");

            SingleTerminate.Terminated terminated =
                    host.terminateProc(client, first.procId(), PATIENCE, "test");

            assertThat(terminated.stopped()).containsExactly(first.agent().id());
            assertThat(terminated.forced()).isEmpty();
            ReadyProc<EchoMessage> second = host.spawn("p");
            assertThat(client.ask(second.agent(), EchoMessage::new, PATIENCE))
                    .isEqualTo(second.agent().id());
        }
    }

    @Test
    void aSecondTerminationGivesTheEndingOfTheFirst() throws Exception { // quirk 2
        try (Host<EchoMessage> host = hostOf(echoes());
                Client client = host.systemProc().client("test")) {
            ProcHandle<EchoMessage> handle = host.spawn("p").handle();
            ProcExit exit = handle.terminate(client, PATIENCE, "test");

            assertThatThrownBy(() -> handle.terminate(client, PATIENCE, "again"))
                    .isInstanceOfSatisfying(
                            TerminateException.AlreadyTerminated.class,
                            e -> assertThat(e.exit()).isEqualTo(exit));
            assertThatThrownBy(handle::kill)
                    .isInstanceOf(TerminateException.AlreadyTerminated.class);
        }
    }

    @Test
    void aRespawnedProcIsNotTakenForItsStoppedNamesake() throws Exception { // quirk 3
        LocalProcManager<EchoMessage> manager = echoes();
        try (Host<EchoMessage> host = hostOf(manager);
                Client client = host.systemProc().client("test")) {
            ProcId id = host.spawn("p").procId();
            assertThat(manager.localProcStatus(id)).isEmpty();

            manager.requestStop(id, PATIENCE, "test");
            manager.requestStop(id, PATIENCE, "again: no effect");
            Watch<LocalProcStatus> watch = manager.watch(id).orElseThrow();
            assertThat(watch.await(LocalProcStatus.STOPPED::equals, PATIENCE))
                    .isEqualTo(LocalProcStatus.STOPPED);
            assertThat(manager.localProcStatus(id)).contains(LocalProcStatus.STOPPED);

            await().atMost(PATIENCE).until(() -> host.views().isEmpty());
            assertThatThrownBy(() -> host.terminateProc(client, id, PATIENCE, "gone"))
                    .isInstanceOf(HostException.NoSuchProc.class);
            assertThat(host.spawn("p").procId()).isEqualTo(id);
            assertThat(manager.localProcStatus(id)).isEmpty();
        }
    }

    @Test
    void theNameOfAProcThatWasToldToStopByAMessageIsFree() throws Exception {
        var manager =
                new LocalProcManager<>(
                        proc -> proc.spawn(ProcAgent.NAME, ProcAgent.type(ActorTypes.of())));
        try (Host<ProcAgentMessage> host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager);
                Client client = host.systemProc().client("test")) {
            ReadyProc<ProcAgentMessage> first = host.spawn("p");
            client.send(first.agent(), new ProcAgentMessage.StopProc(PATIENCE, "test"));
            await().atMost(PATIENCE).until(() -> host.views().isEmpty());

            assertThat(manager.proc(first.procId())).isEmpty();
            assertThat(host.spawn("p").procId()).isEqualTo(first.procId());
        }
    }

    @Test
    void ofProcsThatWereStoppedOnlyTheLastAreRemembered() throws Exception {
        LocalProcManager<EchoMessage> manager = echoes();
        try (Host<EchoMessage> host = hostOf(manager)) {
            ProcId first = stopped(host, manager, "p0");
            for (int i = 1; i < LocalProcManager.STOPPED_MAX; i++) {
                var _ = stopped(host, manager, "p" + i);
            }
            assertThat(manager.localProcStatus(first)).contains(LocalProcStatus.STOPPED);

            ProcId last = stopped(host, manager, "q");

            assertThat(manager.localProcStatus(first)).isEmpty();
            assertThat(manager.localProcStatus(last)).contains(LocalProcStatus.STOPPED);
        }
    }

    private static ProcId stopped(
            Host<EchoMessage> host, LocalProcManager<EchoMessage> manager, String name)
            throws Exception {
        ProcId id = host.spawn(name).procId();
        manager.requestStop(id, PATIENCE, "test");
        var _ = manager.watch(id).orElseThrow().await(LocalProcStatus.STOPPED::equals, PATIENCE);
        return id;
    }

    @Test
    void aProcWhoseAgentCanNotBeSpawnedLeavesNothing() { // quirk 4
        LocalProcManager<EchoMessage> manager =
                new LocalProcManager<>(proc -> {
                    throw new IllegalStateException("no agent today");
                });
        try (Host<EchoMessage> host = hostOf(manager)) {
            ProcId id = new ProcId(host.address(), "p");

            assertThatThrownBy(() -> host.spawn("p"))
                    .isInstanceOf(HostException.AgentSpawnFailure.class)
                    .hasMessageContaining("no agent today")
                    .hasMessageContaining(id.toString());
            assertThat(manager.proc(id)).isEmpty();
            assertThat(host.find("p")).isEmpty();
        }
    }

    @Test
    void allChildrenAreTerminatedAndTheirNamesFree() throws Exception {
        try (Host<EchoMessage> host = hostOf(echoes());
                Client client = host.systemProc().client("test")) {
            for (int i = 0; i < 5; i++) {
                var _ = host.spawn("p" + i);
            }

            TerminateSummary summary = host.terminateChildren(client, PATIENCE, 0, "test");

            assertThat(summary).hasToString("attempted=5 ok=5 failed=0");
            assertThat(host.procs()).isEmpty();
            assertThat(host.terminateChildren(client, PATIENCE, 2, "again").attempted()).isZero();
            assertThat(host.spawn("p0").procId().name()).isEqualTo("p0");
        }
    }

    @Test
    void anActorThatDoesNotEndInTimeIsForced() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        ActorType<String> stuck =
                ActorType.of(
                        "stuck",
                        String.class,
                        () ->
                                new Actor<String>() {
                                    @Override
                                    public void receive(
                                            io.hyperactor.Context<String> cx, String message)
                                            throws Exception {
                                        entered.complete(null);
                                        new CompletableFuture<Void>().get(); // until interrupted
                                    }
                                });
        LocalProcManager<String> manager =
                new LocalProcManager<>(proc -> proc.spawn("agent", stuck));
        try (Host<String> host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager);
                Client client = host.systemProc().client("test")) {
            ReadyProc<String> proc = host.spawn("p");
            client.send(proc.agent(), "go");
            entered.join();

            SingleTerminate.Terminated terminated =
                    host.terminateProc(client, proc.procId(), Duration.ofMillis(50), "test");

            assertThat(terminated.forced()).containsExactly(proc.agent().id());
            assertThat(terminated.stopped()).isEmpty();
        }
    }

    @Test
    void aMessageForAProcTheHostDoesNotHaveComesBackAtOnce() throws Exception {
        try (Host<EchoMessage> host = hostOf(echoes());
                Client client = host.systemProc().client("test")) {
            ProcId nobody = new ProcId(host.address(), "nobody");
            ActorRef<EchoMessage> ref =
                    ActorRef.attest(nobody.actor("host_agent", 0), EchoMessage.class);

            assertThatThrownBy(() -> client.ask(ref, EchoMessage::new, PATIENCE))
                    .isInstanceOf(io.hyperactor.AskException.Undelivered.class)
                    .hasMessageContaining("no route");
        }
    }
}
