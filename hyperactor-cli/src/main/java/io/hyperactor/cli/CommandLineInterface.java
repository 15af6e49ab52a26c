package io.hyperactor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the command that a command line names, runs it, and says on one line what went wrong.
final class CommandLineInterface {
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final CommandLine parser;

    CommandLineInterface(List<Command> commands) {
        CommandSpec top = top();
        for (Command command : commands) {
            CommandSpec spec = command.spec();
            this.commands.put(spec.name(), command);
            top.addSubcommand(spec.name(), spec);
        }
        parser =
                new CommandLine(top)
                        .setExpandAtFiles(false)
                        .setInterpolateVariables(false)
                        .setUsageHelpAutoWidth(false);
    }

    private static CommandSpec top() {
        CommandSpec top =
                Options.command(
                        "hyperactor",
                        "Runs a host and its procs, and asks them.",
                        "A host launches procs as operating-system processes and is the one address"
                                + " through which they are reached.");
        top.usageMessage()
                .commandListHeading("%nCommands:%n")
                .footer("%nExits with 0 when done, 1 when it failed, 2 on wrong usage.");
        return top.addOption(
                OptionSpec.builder("--version")
                        .versionHelp(true)
                        .arity("0")
                        .description("Print the version.")
                        .build());
    }

    /// Runs a command line.
    ///
    /// @return the exit code
    int run(List<String> arguments, Shell shell) {
        int exitCode = tryRun(arguments, shell);
        if (shell.out().checkError()) { // also writes out what is buffered
            shell.error("cannot write to standard output");
            return ExitCode.FAILED;
        }
        return exitCode;
    }

    private int tryRun(List<String> arguments, Shell shell) {
        try {
            return run(parser.parseArgs(arguments.toArray(String[]::new)), shell);
        } catch (ParameterException e) {
            return wrongUsage(describe(e), e.getCommandLine(), shell);
        } catch (CliException.Usage e) {
            return wrongUsage(e.getMessage(), named(arguments), shell);
        } catch (CliException e) {
            shell.error(e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) { // by a signal; whoever sent it knows
            return ExitCode.FAILED;
        }
    }

    private int run(ParseResult parsed, Shell shell) throws InterruptedException {
        if (parsed.isVersionHelpRequested()) {
            shell.result("hyperactor " + version());
            return ExitCode.DONE;
        }
        ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        CommandSpec spec = last.commandSpec();
        if (last.isUsageHelpRequested()) {
            spec.commandLine().usage(shell.out());
            return ExitCode.DONE;
        }
        Command command = commands.get(spec.name());
        if (command == null) {
            return wrongUsage("no command given", parser, shell);
        }
        return command.run(last, shell);
    }

    private CommandLine named(List<String> arguments) {
        CommandLine command = parser.getSubcommands().get(arguments.getFirst());
        return command == null ? parser : command;
    }

    private static int wrongUsage(String message, CommandLine command, Shell shell) {
        shell.error(message);
        shell.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static String describe(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean top = e.getCommandLine().getParent() == null;
            String what = top ? "unknown command" : "unexpected argument";
            return what + " '" + unmatched.getUnmatched().getFirst() + "'";
        }
        String message = String.valueOf(e.getMessage());
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "of a source tree" : version;
    }
}
