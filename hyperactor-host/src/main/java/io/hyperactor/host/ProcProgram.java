package io.hyperactor.host;

import java.util.List;

/// What a proc's process runs: a JVM, or any program that speaks the protocol of
/// docs/wire-format.md, "A proc in another language".
public sealed interface ProcProgram {
    /// The program and its arguments. Any user of the machine can read them: no secrets.
    List<String> command();

    /// Any program.
    ///
    /// @param command its name, searched on the `PATH` of the proc unless it holds a `/`, and its
    ///   arguments
    record Command(List<String> command) implements ProcProgram {
        /// @throws IllegalArgumentException if there is no program
        public Command {
            command = List.copyOf(command);
            if (command.isEmpty() || command.getFirst().isEmpty()) {
                throw new IllegalArgumentException("no program");
            }
        }
    }

    /// A JVM.
    ///
    /// @param java its command line
    record Jvm(JavaCommand java) implements ProcProgram {
        @Override
        public List<String> command() {
            return java.command();
        }
    }
}
