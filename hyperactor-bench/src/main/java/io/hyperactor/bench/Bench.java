package io.hyperactor.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures this runtime beside its peers and prints a table; see [Options#USAGE].
public final class Bench {
    private final Options options;
    private final PrintStream out;
    private final PrintStream progress;

    private Bench(Options options, PrintStream out, PrintStream progress) {
        this.options = options;
        this.out = out;
        this.progress = progress;
    }

    /// Exits with 0 when all was measured that can be measured here, 1 when a workload of ours
    /// failed or a file cannot be read or written, 2 when the options make no sense. Missed goals
    /// are no failure.
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream progress)
            throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            out.println(Options.USAGE);
            return 0;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            progress.println(e.getMessage());
            progress.println(Options.USAGE);
            return 2;
        }
        Bench bench = new Bench(options, out, progress);
        try {
            List<Section> sections = options.from().isEmpty() ? bench.measure() : bench.read();
            return sections.stream().anyMatch(Section::oursFailed) ? 1 : 0;
        } catch (IOException e) {
            progress.println("hyperactor: " + describe(e));
            return 1;
        }
    }

    /// On one line; the message of many is a path alone.
    private static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no file " + missing.getFile();
            case FileSystemException file -> file.getFile() + ": " + reason(file);
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String reason(FileSystemException e) {
        String reason = e.getReason();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private List<Section> measure() throws IOException, InterruptedException {
        Optional<Recording> earlier = earlier();
        Quiet quiet = new Quiet(new ProcStat(), options.patience());
        Origins here = new Origins(Machine.here());
        out.println(here);
        List<List<Section>> runs = new ArrayList<>();
        for (int run = 1; run <= options.runs(); run++) {
            if (options.runs() > 1) {
                progress.println("run " + run + " of " + options.runs());
            }
            List<Section> sections = new ArrayList<>();
            runs.add(sections);
            for (Suite suite : options.suites()) {
                long start = System.nanoTime();
                sections.add(new Section(suite, List.of()));
                for (Case each : suite.cases()) {
                    if (options.wants(each)) {
                        sections.set(
                                sections.size() - 1,
                                sections.getLast().and(measure(suite, each, quiet)));
                        write(here, options.quick(), Section.together(runs), earlier);
                    }
                }
                print(sections.getLast());
                progress.println(
                        "%s took %d s"
                                .formatted(
                                        suite.title(),
                                        Duration.ofNanos(System.nanoTime() - start).toSeconds()));
            }
        }
        List<Section> all = Section.together(runs);
        if (options.runs() > 1) {
            out.println();
            out.println("all " + options.runs() + " runs together");
            all.forEach(this::print);
        }
        return all;
    }

    /// What is in the file that the results go into, which is not lost.
    private Optional<Recording> earlier() throws IOException {
        if (options.json().filter(Files::exists).isEmpty()) {
            return Optional.empty();
        }
        Path file = options.json().get();
        Recording earlier = Recording.read(file);
        if (earlier.quick() != options.quick()) {
            throw new IOException(
                    "%s is of a run %s --quick: these figures are not put together; see --json"
                            .formatted(file, earlier.quick() ? "with" : "without"));
        }
        return Optional.of(earlier);
    }

    private Result measure(Suite suite, Case each, Quiet quiet) throws InterruptedException {
        progress.println("measuring " + suite.title() + ": " + each.name());
        return Runner.run(options.quick() ? each.with(each.effort().quick()) : each, quiet);
    }

    /// Shows what was measured before. Of several files, the last that has a case counts.
    private List<Section> read() throws IOException {
        List<Recording> recordings = new ArrayList<>();
        for (Path file : options.from().reversed()) {
            recordings.add(Recording.read(file));
        }
        Origins origins = new Origins(recordings.getFirst().machine());
        List<Section> sections = new ArrayList<>();
        for (Suite suite : options.suites()) {
            List<Result> results = new ArrayList<>();
            for (Case each : suite.cases()) {
                find(recordings, suite, each)
                        .filter(_ -> options.wants(each))
                        .ifPresent(recording -> {
                            results.addAll(recording.result(suite, each).stream().toList());
                            origins.add(suite, each, recording.machine(suite, each));
                        });
            }
            sections.add(new Section(suite, results));
        }
        out.println(origins);
        sections.forEach(this::print);
        boolean quick = recordings.stream().anyMatch(Recording::quick);
        write(origins, quick, sections, Optional.empty());
        return sections;
    }

    private static Optional<Recording> find(List<Recording> recordings, Suite suite, Case of) {
        return recordings.stream().filter(each -> each.result(suite, of).isPresent()).findFirst();
    }

    private void print(Section section) {
        if (!section.results().isEmpty()) {
            out.println();
            out.println(Table.text(section));
        }
    }

    private void write(
            Origins origins, boolean quick, List<Section> sections, Optional<Recording> earlier)
            throws IOException {
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), Report.json(origins, quick, sections, earlier));
        }
        if (options.markdown().isPresent()) {
            Files.writeString(options.markdown().get(), Table.markdown(origins, sections));
        }
        if (options.charts().isPresent()) {
            Charts.draw(options.charts().get(), sections);
        }
    }
}
