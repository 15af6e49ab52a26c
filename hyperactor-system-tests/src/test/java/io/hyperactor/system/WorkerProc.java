package io.hyperactor.system;

import io.hyperactor.host.ProcMain;

/// A child process that can spawn a [Worker] or a [Recipient].
final class WorkerProc {
    private WorkerProc() {}

    public static void main(String[] args) {
        ProcMain.run(Worker.TYPE, Recipient.TYPE);
    }
}
