package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A host that serves until its standard input ends, or says `e` for an exit or `h` for a halt in
/// which nothing is closed. It knows nothing of the actors in its procs.
final class HostProgram {
    static final int ENDED_AS_TOLD = 42;

    private HostProgram() {}

    /// Prints `serving ADDRESS` and at the end `closed`.
    ///
    /// @param args the address, and the class path and main class of the procs
    public static void main(String[] args) throws IOException {
        JavaCommand child =
                new JavaCommand(
                        JavaCommand.FLAGS,
                        List.of(args[1].split(File.pathSeparator)),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        args[2],
                        List.of());
        try (Host<ProcAgentMessage> host =
                Host.serve(ChannelAddress.parse(args[0]), ProcessProcManager.running(child))) {
            var _ = HostAgent.spawn(host);
            System.out.println("serving " + host.address());
            for (int said = System.in.read(); said >= 0; said = System.in.read()) {
                switch (said) {
                    case 'e' -> System.exit(ENDED_AS_TOLD);
                    case 'h' -> Runtime.getRuntime().halt(ENDED_AS_TOLD);
                    default -> {} // the end of the line
                }
            }
        }
        System.out.println("closed");
    }
}
