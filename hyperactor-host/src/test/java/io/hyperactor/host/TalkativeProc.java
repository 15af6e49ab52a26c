package io.hyperactor.host;

/// The `main` of a child that has a [TalkativeActor].
final class TalkativeProc {
    private TalkativeProc() {}

    /// Runs it.
    public static void main(String[] args) {
        ProcMain.run(TalkativeActor.TYPE);
    }
}
