package io.hyperactor.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures this runtime beside its peers and prints a table; see [Options#USAGE].
public final class Bench {
    private Bench() {}

    /// Exits with 0 when all was measured that can be measured here, 1 when a workload of ours
    /// failed, 2 when the options make no sense. Missed goals are no failure.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            progress.println(e.getMessage());
            progress.println(Options.USAGE);
            return 2;
        }
        Quiet quiet = new Quiet(new ProcStat(), options.patience());
        Machine machine = Machine.here();
        out.println(machine);
        List<Table.Section> sections = new ArrayList<>();
        for (Suite suite : options.suites()) {
            Table.Section section = measure(suite, options, quiet, progress);
            sections.add(section);
            out.println();
            out.println(Table.text(section));
        }
        if (options.json().isPresent()) {
            Path file = options.json().get();
            Files.writeString(file, Report.json(machine, options, sections));
        }
        return sections.stream().anyMatch(Table.Section::oursFailed) ? 1 : 0;
    }

    private static Table.Section measure(
            Suite suite, Options options, Quiet quiet, PrintStream progress)
            throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Case each : suite.cases()) {
            if (each.name().contains(options.only())) {
                progress.println("measuring " + suite.title() + ": " + each.name());
                Case asked = options.quick() ? each.with(each.effort().quick()) : each;
                results.add(Runner.run(asked, quiet));
            }
        }
        return new Table.Section(suite, results);
    }
}
