package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Programs in Python, written from docs/wire-format.md, beside ours. Where there is no Python 3
/// these tests are skipped.
@SystemTest
class ForeignProcIT {
    @TempDir Path directory;

    @BeforeAll
    static void needsPython() throws InterruptedException {
        int status = 1;
        try {
            status = new ProcessBuilder("python3", "-c", "").start().waitFor();
        } catch (IOException e) {
            // There is none.
        }
        assumeTrue(status == 0, "python3 runs");
    }

    private static Host<EchoMessage> serve() {
        return Host.serve(
                ChannelAddress.any(Transport.UNIX),
                ProcessProcManager.of(
                        List.of("python3", Repository.file("docs/echo-proc.py").toString()),
                        EchoMessage.class));
    }

    @Test
    void aProcInPythonAnswersWhoeverAsksIt() throws Exception {
        try (Host<EchoMessage> host = serve();
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here")) {
            ReadyProc<EchoMessage> proc = host.spawn("snake");

            for (Proc from : List.of(host.systemProc(), here)) {
                try (Client client = from.client("client")) {
                    for (int i = 0; i < 3; i++) {
                        assertThat(client.ask(proc.agent(), EchoMessage::new, Patience.LIMIT))
                                .isEqualTo(proc.agent().id());
                    }
                }
            }
            assertThat(host.stop("snake", Patience.LIMIT, "test"))
                    .isEqualTo(new ProcExit.Signalled(15, false));
        }
    }

    @Test
    void aStrangerInPythonListsProcsAndGetsBackWhatCanNotBeDelivered() throws Exception {
        try (HostProcess host = HostProcess.start(directory);
                Proc here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
                Client client = here.client("client")) {
            OsProcess proc = host.spawn(client, "p");

            List<String> output = listProcs(host);

            assertThat(output)
                    .containsExactlyInAnyOrder(
                            "proc p " + proc.pid() + " ready True True",
                            "returned 0 1 11 no proc " + host.proc("nobody"));
            host.stop();
        }
    }

    private static List<String> listProcs(HostProcess host) throws Exception {
        Path script =
                Path.of(
                        Objects.requireNonNull(ForeignProcIT.class.getResource("list-procs.py"))
                                .toURI());
        Path own = Leftovers.directory().resolve("stranger");
        String path = ((ChannelAddress.Unix) host.address()).path();
        try (Program stranger =
                Program.run(
                        List.of(
                                "python3",
                                script.toString(),
                                path,
                                own.toString(),
                                Repository.file("docs/wire-format.md").toString()))) {
            return stranger.output(0);
        }
    }
}
