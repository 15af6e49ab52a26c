package io.hyperactor.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Main classes that tests run in a JVM of their own.
final class LauncherPrograms {
    private LauncherPrograms() {}

    private static LaunchSpec spec(String... command) {
        return new LaunchSpec("inner", List.of(command), Map.of(), Optional.empty(), "");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /// A child that says what its first line was and then does nothing.
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws InterruptedException {
            ControlPipe pipe = ControlPipe.inherited().orElseThrow();
            say("token " + pipe.firstLine());
            Thread.currentThread().join(); // for ever: only the end of the pipe ends it
        }
    }

    /// A host that launches a command and then does nothing, without any last action when it is
    /// killed.
    static final class Host {
        private Host() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            ProcLauncher launcher = ProcLauncher.forThisPlatform(OutputListener.NONE);
            say("pid " + launcher.launch(spec(args)).pid());
            Thread.currentThread().join();
        }
    }

    /// The same on a machine without `setpriv`, and without control groups.
    static final class HostWithoutSetpriv {
        private HostWithoutSetpriv() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            ProcLauncher launcher =
                    new LinuxLauncher(
                            new Libc(),
                            new PosixSpawn(),
                            new ParentDeath(Optional.empty()),
                            Optional.empty(),
                            OutputListener.NONE);
            say("pid " + launcher.launch(spec(args)).pid());
            Thread.currentThread().join();
        }
    }

    /// The same, but it ends in the way its first argument says as soon as its child has printed
    /// something.
    static final class EndingHost {
        private EndingHost() {}

        public static void main(String[] args) throws Exception {
            var printed = new CompletableFuture<String>();
            ProcLauncher launcher =
                    ProcLauncher.forThisPlatform((_, _, _, _, line) -> printed.complete(line));
            launcher.launch(spec(Arrays.copyOfRange(args, 1, args.length)));
            say("grandchild " + printed.get());
            switch (args[0]) {
                case "exit" -> System.exit(5);
                case "halt" -> Runtime.getRuntime().halt(5);
                case "throw" -> throw new IllegalStateException("uncaught");
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
    }

    /// A host that launches while it has no descriptor left, and again when it has.
    static final class DescriptorLimit {
        private DescriptorLimit() {}

        public static void main(String[] args) throws IOException {
            ProcLauncher launcher = ProcLauncher.forThisPlatform(OutputListener.NONE);
            loadClasses(launcher);
            for (int spare = 0; spare < 12; spare++) {
                launchWithSpare(launcher, spare);
            }
            launchAndTell(launcher, spec("/bin/sh", "-c", "exit 9"), "after");
            launcher.close();
            say("children " + OsProcess.children());
        }

        /// From folders of class files, which take a descriptor each, unlike those of a jar.
        private static void loadClasses(ProcLauncher launcher) {
            launchAndTell(launcher, spec("/bin/true"), "warm up");
            launchAndTell(launcher, spec("/no/such"), "warm up");
            hoard().forEach(DescriptorLimit::close);
        }

        private static void launchWithSpare(ProcLauncher launcher, int spare) {
            List<FileInputStream> hoard = hoard();
            for (int i = 0; i < spare; i++) {
                close(hoard.removeLast());
            }
            launchAndTell(launcher, spec("/bin/true"), "spare " + spare);
            hoard.forEach(DescriptorLimit::close);
        }

        private static void launchAndTell(ProcLauncher launcher, LaunchSpec spec, String what) {
            String outcome;
            try {
                outcome = launcher.launch(spec).exit().join().toString();
            } catch (IOException e) {
                outcome = e.getMessage();
            }
            say(what + ": " + outcome);
        }

        private static List<FileInputStream> hoard() {
            var files = new ArrayList<FileInputStream>();
            try {
                while (true) {
                    files.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                return files;
            }
        }

        private static void close(FileInputStream file) {
            try {
                file.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
