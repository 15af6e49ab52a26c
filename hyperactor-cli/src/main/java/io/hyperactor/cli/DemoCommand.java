package io.hyperactor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// `hyperactor demo [PATH...] [--procs N] [--kill-one] [--json]`
final class DemoCommand implements Command {
    /// Starts hosts and their procs.
    interface Starter {
        /// A fresh host of its own, whose procs count by `rule`.
        ///
        /// @throws CliException.Failed if it cannot be started
        CountingProc.Launcher start(WordRule rule);
    }

    private static final String PROCS = "--procs";
    private static final String KILL_ONE = "--kill-one";
    private static final int PROCS_DEFAULT = 4;
    private static final int PROCS_MAX = 64;

    private final Starter starter;

    DemoCommand(Starter starter) {
        this.starter = starter;
    }

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.of(
                        name(),
                        "Counts the words of files, like wc -w, with actors in several procs.",
                        "Starts a host of its own on a private socket, launches the procs, counts,"
                                + " and stops the procs one by one.")
                .value(
                        PROCS,
                        "N",
                        "How many procs, 1 to " + PROCS_MAX + ". Default: " + PROCS_DEFAULT)
                .flag(KILL_ONE, "Kill a proc half-way with signal 9; a fresh one takes over.")
                .flag(CommandSpec.JSON, "Print JSON.")
                .arguments(
                        "PATH",
                        0,
                        "Files, and folders with all files below. Default: the sources of"
                                + " this project.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        int procs = arguments.number(PROCS).orElse(PROCS_DEFAULT);
        if (procs < 1 || procs > PROCS_MAX) {
            throw new CliException.Usage(
                    "invalid value for option '"
                            + PROCS
                            + "': "
                            + procs
                            + " is not from 1 to "
                            + PROCS_MAX);
        }
        List<Path> paths = paths(arguments.positional());
        InputFiles input = InputFiles.find(paths.isEmpty() ? ownSources(shell) : paths);
        if (input.files().isEmpty()) {
            throw new CliException.Failed("no files to count");
        }
        var plan = new WordCountRun.Plan(procs, arguments.has(KILL_ONE));
        run(plan, input, arguments.has(CommandSpec.JSON), shell);
        return ExitCode.DONE;
    }

    private void run(WordCountRun.Plan plan, InputFiles input, boolean json, Shell shell)
            throws InterruptedException {
        WordRule rule = WordRule.ofThisLocale();
        int files = input.files().size();
        shell.note(
                "Counting the words of "
                        + Quantity.count(files, "file")
                        + ", "
                        + Quantity.bytes(input.bytes())
                        + ", with "
                        + Quantity.count(plan.procs(), "proc"));
        try (ChunkReader chunks =
                        new ChunkReader(rule, input.files(), ChunkReader.CHUNK_MAX_BYTES);
                CountingProc.Launcher launcher = starter.start(rule)) {
            WordCountRun run;
            try (ProgressBar bar = new ProgressBar(shell.err(), input.bytes())) {
                WordCountRun.Progress progress = shell.terminal() ? bar : (_, _) -> {};
                run = new WordCountRun(plan, launcher, chunks::next, input.bytes(), progress);
                run.count();
            }
            if (json) {
                run.stopAll(_ -> {});
                shell.result(run.report(files).json());
            } else {
                run.report(files).table().forEach(shell::result);
                shell.result("");
                run.stopAll(shell::result);
            }
        }
    }

    private static List<Path> paths(List<String> arguments) {
        try {
            return arguments.stream().map(Path::of).toList();
        } catch (InvalidPathException e) {
            throw new CliException.Usage("PATH: " + e.getMessage());
        }
    }

    private static List<Path> ownSources(Shell shell) {
        Path home =
                shell.home()
                        .orElseThrow(() ->
                                new CliException.Usage(
                                        "give a PATH: this installation has no sources"));
        try (Stream<Path> modules = Files.list(home)) {
            return modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw CliException.unreadable(home.toString(), e);
        }
    }
}
