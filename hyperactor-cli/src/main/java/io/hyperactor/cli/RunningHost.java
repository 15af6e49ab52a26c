package io.hyperactor.cli;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.Channels;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.ProcExit;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A host with its agent, in this process, whose procs are ordinary children.
final class RunningHost implements HostServer {
    private static final ProcExit CLEAN = new ProcExit.Exited(0);
    private static final Duration EXITS_TOLD = Duration.ofSeconds(5);

    private final Host<ProcAgentMessage> host;
    private final Channels channels;

    private RunningHost(Host<ProcAgentMessage> host, Channels channels) {
        this.host = host;
        this.channels = channels;
    }

    /// Starts it.
    ///
    /// @throws CliException.Failed if the address cannot be served
    static HostServer serve(ChannelAddress address, Settings settings) {
        Channels channels = new Channels(settings.network().withEvents(new ChannelLog()));
        HostConfig config =
                settings.config().withProc(settings.config().proc().withChannels(channels));
        Host<ProcAgentMessage> host = Hosts.bind(address, settings.procs(), config);
        var _ = HostAgent.spawn(host); // before anybody can ask it
        if (host.manager() instanceof ProcessProcManager<?> processes) {
            processes.keepSpares(settings.spares());
        }
        host.serve();
        return new RunningHost(host, channels);
    }

    @Override
    public ChannelAddress address() {
        return host.address();
    }

    /// What cannot be ended is killed all the same.
    @Override
    public String stop() {
        List<ProcHandle<ProcAgentMessage>> procs = host.procs();
        try {
            host.close();
        } catch (IllegalStateException e) {
            throw new CliException.Failed(String.valueOf(e.getMessage()), e);
        } finally {
            channels.close();
        }
        return describe(procs, EXITS_TOLD);
    }

    /// How many ended, and which of them not in good order.
    ///
    /// @param procs all have ended, but perhaps it is being told only now how
    /// @param limit how long to wait for that, of all
    static String describe(List<? extends ProcHandle<?>> procs, Duration limit) {
        var line = new StringBuilder("stopped ").append(Quantity.count(procs.size(), "proc"));
        long end = System.nanoTime() + limit.toNanos();
        for (ProcHandle<?> proc : procs) {
            String exit = exit(proc, Math.max(0, end - System.nanoTime()));
            if (!exit.equals(CLEAN.toString())) {
                line.append("; ").append(proc.procId().name()).append(": ").append(exit);
            }
        }
        return line.toString();
    }

    private static String exit(ProcHandle<?> proc, long nanos) {
        try {
            return proc.exit().get(nanos, TimeUnit.NANOSECONDS).toString();
        } catch (TimeoutException e) {
            return "how it ended is not known";
        } catch (ExecutionException e) {
            return "how it ended is not known: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "how it ended was not waited for";
        }
    }
}
