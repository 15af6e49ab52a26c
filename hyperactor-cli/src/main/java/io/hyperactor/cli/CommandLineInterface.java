package io.hyperactor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the command that a command line names, runs it, and says on one line what went wrong.
final class CommandLineInterface {
    private static final String PROGRAM = "hyperactor";
    private static final String VERSION = "--version";

    private final List<Command> commands;

    CommandLineInterface(List<Command> commands) {
        this.commands = List.copyOf(commands);
    }

    /// Runs a command line.
    ///
    /// @return the exit code
    int run(List<String> line, Shell shell) {
        int exitCode = tryRun(line, shell);
        if (shell.out().checkError()) { // also writes out what is buffered
            shell.error("cannot write to standard output");
            return ExitCode.FAILED;
        }
        return exitCode;
    }

    private int tryRun(List<String> line, Shell shell) {
        try {
            return runProgram(line, shell);
        } catch (CliException e) {
            shell.error(e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) { // by a signal; whoever sent it knows
            return ExitCode.INTERRUPTED;
        }
    }

    private int runProgram(List<String> line, Shell shell) throws InterruptedException {
        int start = 0;
        while (start < line.size() && line.get(start).startsWith("-")) {
            start++;
        }
        Command command;
        try {
            Optional<Arguments> options = program().parse(line.subList(0, start));
            if (options.isEmpty()) {
                return print(help(), shell);
            }
            if (options.get().has(VERSION)) {
                return print(List.of(PROGRAM + " " + version()), shell);
            }
            command = named(line.subList(start, line.size()));
        } catch (CliException.Usage e) {
            return wrongUsage(e, PROGRAM, shell);
        }
        return run(command, line.subList(start + 1, line.size()), shell);
    }

    private static int run(Command command, List<String> words, Shell shell)
            throws InterruptedException {
        String name = PROGRAM + " " + command.name();
        try {
            CommandSpec spec = command.spec();
            Optional<Arguments> arguments = spec.parse(words);
            return arguments.isEmpty()
                    ? print(new HelpText(name, spec).lines(), shell)
                    : command.run(arguments.get(), shell);
        } catch (CliException.Usage e) {
            return wrongUsage(e, name, shell);
        }
    }

    private Command named(List<String> words) {
        if (words.isEmpty()) {
            throw new CliException.Usage("no command given");
        }
        for (Command command : commands) {
            if (command.name().equals(words.getFirst())) {
                return command;
            }
        }
        throw new CliException.Usage("unknown command '" + words.getFirst() + "'");
    }

    private static int wrongUsage(CliException.Usage e, String command, Shell shell) {
        shell.error(e.getMessage());
        shell.err().println("Try '" + command + " --help'.");
        return e.exitCode();
    }

    private static int print(List<String> lines, Shell shell) {
        for (String line : lines) {
            shell.result(line);
        }
        return ExitCode.DONE;
    }

    private static CommandSpec program() {
        return CommandSpec.of(
                        PROGRAM,
                        "Runs a host and its procs, and asks them.",
                        "A host launches procs as operating-system processes and is the one address"
                                + " through which they are reached.")
                .flag(VERSION, "Print the version.");
    }

    private List<String> help() {
        List<HelpText.Row> rows = new ArrayList<>();
        for (Command command : commands) {
            rows.add(new HelpText.Row(command.name(), command.spec().description().getFirst()));
        }
        return new HelpText(PROGRAM, program(), "COMMAND")
                .line("")
                .line("Commands:")
                .rows(rows)
                .line("")
                .line("Exits with 0 when done, 1 when it failed, 2 on wrong usage.")
                .lines();
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "of a source tree" : version;
    }
}
