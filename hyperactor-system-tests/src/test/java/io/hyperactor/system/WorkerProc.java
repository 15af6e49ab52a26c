package io.hyperactor.system;

import io.hyperactor.host.ProcMain;

/// A child process that can spawn a [Worker], a [Recipient] or a [Forger].
final class WorkerProc {
    private WorkerProc() {}

    public static void main(String[] args) {
        ProcMain.run(Worker.TYPE, Recipient.TYPE, Forger.TYPE);
    }
}
