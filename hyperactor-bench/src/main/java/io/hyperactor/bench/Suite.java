package io.hyperactor.bench;

import java.util.List;
import java.util.Locale;

/// A group of cases.
enum Suite {
    LOCAL("Inside one process"),
    CHANNEL("Between two processes, without actors"),
    REMOTE("Between actors in two processes"),
    HOST("Through a host"),
    PROCESS("Starting and ending procs"),
    SCALE("As things grow"),
    LOAD("Under load, and without any"),
    COLD("For the first time"),
    JMH("Parts of the runtime");

    private final String heading;

    Suite(String heading) {
        this.heading = heading;
    }

    /// What it is about.
    String heading() {
        return heading;
    }

    /// Its name on the command line.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Case> cases() {
        return switch (this) {
            case LOCAL -> LocalCases.all();
            case CHANNEL -> ChannelCases.all();
            case REMOTE -> RemoteCases.all();
            case HOST -> HostCases.all();
            case PROCESS -> ProcessCases.all();
            case SCALE -> ScaleCases.all();
            case LOAD -> LoadCases.all();
            case COLD -> ColdCases.all();
            case JMH -> JmhCases.all();
        };
    }
}
