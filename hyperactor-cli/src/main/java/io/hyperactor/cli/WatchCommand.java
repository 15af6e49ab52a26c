package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcNews;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;

/// `hyperactor watch [--host ADDRESS] [--json]`
final class WatchCommand implements Command {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final String NONE = "-";
    private static final int PID_WIDTH = 7; // of the largest that Linux gives

    private final HostConnection.Dialer dialer;
    private final ZoneId zone;

    /// @param zone of the times it prints
    WatchCommand(HostConnection.Dialer dialer, ZoneId zone) {
        this.dialer = dialer;
        this.zone = zone;
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        Options.command(
                                "watch",
                                "Prints how the procs of a host are, and then what happens to them.",
                                "Lasts until Ctrl-C, or until the host is gone."))
                .addOption(Options.flag(Options.JSON, "Print a line of JSON for each event."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        var lines = new Lines();
        Function<ProcNews, String> text =
                arguments.hasMatchedOption(Options.JSON) ? WatchCommand::json : lines::line;
        try (HostConnection host = dialer.dial(target)) {
            host.watch(news -> {
                shell.result(text.apply(news));
                return !shell.out().checkError(); // nobody reads it any more
            });
        } catch (InterruptedException e) {
            // that is how it is told to end
        }
        return ExitCode.DONE;
    }

    private static String json(ProcNews news) {
        return JsonWriter.write(
                JsonWriter.object(
                        "at_ms", news.atMillis(),
                        "name", news.name(),
                        "pid", news.pid(),
                        "what", news.what(),
                        "detail", news.detail()));
    }

    /// Lines in columns, as far as one can know without what comes later.
    private final class Lines {
        private int nameWidth = 8; // grows with what comes

        String line(ProcNews news) {
            String name = news.name().isEmpty() ? NONE : news.name();
            String pid = news.pid() == 0 ? NONE : Long.toString(news.pid());
            nameWidth = Math.max(nameWidth, name.length());
            return TIME.format(Instant.ofEpochMilli(news.atMillis()).atZone(zone))
                    + "  "
                    + name
                    + " ".repeat(nameWidth - name.length() + 2)
                    + " ".repeat(Math.max(0, PID_WIDTH - pid.length()))
                    + pid
                    + "  "
                    + news.detail();
        }
    }
}
