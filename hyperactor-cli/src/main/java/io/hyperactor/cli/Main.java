package io.hyperactor.cli;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.host.StderrLogs;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The command `hyperactor`.
public final class Main {
    private Main() {}

    /// Runs the command line and ends the process with 0 when it is done, 1 when it failed, 2 when
    /// it was used wrongly.
    public static void main(String[] arguments) {
        configureLogs(List.of(arguments).indexOf("host") == 0);
        Shell shell = Shell.ofThisProcess(ChannelConfig.standard().runtimeDirectory());
        SignalledRun.exitAfter(
                () -> new CommandLineInterface(commands()).run(List.of(arguments), shell));
    }

    /// A host runs for long and warns. The others say what went wrong as their result.
    private static void configureLogs(boolean warnings) {
        System.setProperty("slf4j.provider", StderrLogs.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN"); // no line of its own at each start
        if (!warnings && System.getProperty(StderrLogs.LEVEL_PROPERTY) == null) {
            System.setProperty(StderrLogs.LEVEL_PROPERTY, "error");
        }
    }

    private static List<Command> commands() {
        HostConnection.Dialer dialer = AgentConnection::dial;
        return List.of(
                new DemoCommand(DemoHost::start),
                new HostCommand(RunningHost::serve, () -> new CountDownLatch(1).await()),
                new SpawnCommand(dialer),
                new PsCommand(dialer),
                new WatchCommand(dialer, ZoneId::systemDefault),
                new LogsCommand(dialer, InstantSource.system()),
                new StatsCommand(dialer),
                new AskCommand(dialer),
                EndCommand.stop(dialer),
                EndCommand.kill(dialer),
                new CertsCommand(InstantSource.system()));
    }
}
