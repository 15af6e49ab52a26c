package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Protocols;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.ProcessProcManager;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A child in C that speaks the callback protocol, well or badly as the name of its proc says: see
/// `stub.c`. It is compiled when it is first needed.
final class Stub {
    private static final String SOURCE = "stub.c";

    private Stub() {}

    private static final class Compiled {
        static final Path PROGRAM = compile(SOURCE, "stub");
    }

    /// Procs that are stubs.
    ///
    /// @throws AssertionError if there is no C compiler
    static ProcessProcManager<EchoMessage> manager() {
        return ProcessProcManager.of(command(EchoMessage.class), EchoMessage.class);
    }

    /// Its command, with an agent of this protocol.
    static List<String> command(Class<?> agentProtocol) {
        return List.of(
                Compiled.PROGRAM.toString(), Long.toHexString(Protocols.of(agentProtocol).hash()));
    }

    /// Has a resource in C compiled, into a file of that name.
    static Path compile(String resource, String name, String... flags) {
        Path target = Path.of("target", name).toAbsolutePath();
        Path source = Path.of("target", resource).toAbsolutePath();
        try {
            try (var in = Objects.requireNonNull(Stub.class.getResourceAsStream(resource))) {
                Files.write(source, in.readAllBytes());
            }
            List<String> command = new ArrayList<>(List.of("cc", "-O1"));
            command.addAll(List.of(flags));
            command.addAll(List.of("-o", target.toString(), source.toString()));
            Process cc = compiler(command);
            String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(cc.waitFor()).as("cc: %s", said).isZero();
            return target;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(resource + " not compiled", e);
        }
    }

    private static Process compiler(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError("this row needs a C compiler, cc", e);
        }
    }
}
