package io.hyperactor.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where, when and with what it was measured.
///
/// @param versions of the programs and libraries that were there, by name
/// @param load how many threads wanted to run in the minute before; negative if unknown
record Machine(
        Instant at,
        int processors,
        String processor,
        String os,
        Map<String, String> versions,
        double load) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    Machine {
        versions = new LinkedHashMap<>(versions);
    }

    static Machine here() {
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                model(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                installed(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /// As a report has it, for [Recording].
    Map<String, Object> json() {
        return Json.object(
                "at", at.toString(),
                "processors", processors,
                "processor", processor,
                "os", os,
                "versions", versions,
                "load", load);
    }

    private static String model() {
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static Map<String, String> installed() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put(
                "Java",
                System.getProperty("java.vendor")
                        + " "
                        + System.getProperty("java.runtime.version"));
        putIfPresent(versions, "Pekko", library("pekko-actor-typed_[0-9.]+"));
        putIfPresent(versions, "gRPC", library("grpc-stub"));
        putIfPresent(versions, "JMH", library("jmh-core"));
        putIfPresent(versions, Otp.NAME, Otp.version());
        putIfPresent(versions, "cc", said("cc", "--version"));
        putIfPresent(versions, "commit", commit());
        return versions;
    }

    private static void putIfPresent(
            Map<String, String> versions, String name, Optional<String> version) {
        version.ifPresent(found -> versions.put(name, found));
    }

    /// The version of a jar on the class path, by its file name.
    private static Optional<String> library(String name) {
        Matcher jar =
                Pattern.compile(
                                "[/\\\\]"
                                        + name
                                        + "-([^/\\\\]+)\\.jar("
                                        + File.pathSeparator
                                        + "|$)")
                        .matcher(System.getProperty("java.class.path"));
        return jar.find() ? Optional.of(jar.group(1)) : Optional.empty();
    }

    /// Of the sources, with a plus if they have been changed since.
    private static Optional<String> commit() {
        return Optional.ofNullable(System.getProperty(Options.HOME))
                .flatMap(home -> said("git", "-C", home, "describe", "--always", "--dirty=+"));
    }

    /// The first line that a program prints; empty if it is not there or fails.
    static Optional<String> said(String program, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(Programs.find(program).toString()));
            command.addAll(List.of(arguments));
            return Programs.run(command).lines().findFirst();
        } catch (Unavailable e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%s, %d × %s, %s, load %.2f",
                                at,
                                processors,
                                processor,
                                os,
                                load));
        versions.forEach((name, version) -> text.append(", ").append(name + " " + version));
        return text.append(", flags ").append(String.join(" ", Jvm.FLAGS)).toString();
    }
}
