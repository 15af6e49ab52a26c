package io.hyperactor.host;

/// What came of ending many procs.
///
/// @param attempted how many were to be ended
/// @param ok how many have ended, by this or before it
/// @param failed how many have not, or may not have
public record TerminateSummary(int attempted, int ok, int failed) {
    public TerminateSummary {
        if (ok < 0 || failed < 0 || ok + failed != attempted) {
            throw new IllegalArgumentException(ok + " ok + " + failed + " failed != " + attempted);
        }
    }

    @Override
    public String toString() {
        return "attempted=" + attempted + " ok=" + ok + " failed=" + failed;
    }
}
