package io.hyperactor.cli;

import io.hyperactor.host.ProcMain;

/// The `main` of the demo's procs: each can be asked to spawn word counters.
public final class DemoProc {
    private DemoProc() {}

    /// Runs until the host ends it.
    public static void main(String[] arguments) {
        ProcMain.run(WordCounter.TYPE);
    }
}
