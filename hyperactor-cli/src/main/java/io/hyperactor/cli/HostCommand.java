package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;

/// `hyperactor host [--listen ADDRESS] [--spares N] [OPTION...]`, see [HostOptions]
final class HostCommand implements Command {
    private static final String LISTEN = "--listen";
    private static final String SPARES = "--spares";
    private static final int SPARES_MAX = 64;

    /// Lasts until it is interrupted.
    interface Waiting {
        /// Waits.
        void await() throws InterruptedException;
    }

    private final HostServer.Starter starter;
    private final Waiting waiting;

    /// @param waiting lasts until the host is to stop
    HostCommand(HostServer.Starter starter, Waiting waiting) {
        this.starter = starter;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return "host";
    }

    @Override
    public CommandSpec spec() {
        return NetworkOptions.addTo(HostOptions.addTo(listening()));
    }

    private CommandSpec listening() {
        return CommandSpec.of(
                        name(),
                        "Serves a host until SIGTERM or Ctrl-C, then stops its procs in order.",
                        "Prints one line with its address when it serves.")
                .value(
                        LISTEN,
                        "ADDRESS",
                        "Where to serve, for example unix:/run/host.sock or"
                                + " tls:node1:4444. Default: the variable HYPERACTOR_ADDRESS, else your own private"
                                + " socket.")
                .value(
                        SPARES,
                        "N",
                        "How many processes to keep ready, 0 to "
                                + SPARES_MAX
                                + ", so that procs are there at once. Default: 0.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        int spares = arguments.number(SPARES).orElse(0);
        if (spares < 0 || spares > SPARES_MAX) {
            throw new CliException.Usage(
                    SPARES + " " + spares + " is not between 0 and " + SPARES_MAX);
        }
        var settings =
                new HostServer.Settings(
                        spares,
                        HostOptions.config(arguments),
                        HostOptions.procs(arguments),
                        NetworkOptions.config(arguments, shell));
        ChannelAddress address = HostAddress.toServe(arguments.value(LISTEN).orElse(null), shell);
        if (HostAddress.isDefault(address, shell)) {
            OwnFolder.prepare(shell.runtimeDirectory());
        }
        HostServer host = starter.serve(address, settings);
        shell.result("serving " + host.address());
        try {
            waiting.await();
        } catch (InterruptedException e) {
            // that is how it is told to stop
        }
        shell.result(host.stop());
        return ExitCode.DONE;
    }
}
