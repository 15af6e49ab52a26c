package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.Counter;
import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;
import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// A running host, reached through its address alone. Whoever opened it closes it.
///
/// Every method waits for the host's answer, and throws [CliException.Failed] if that is a no or
/// does not come in time.
///
/// **Threads:** any for [#stop] and [#kill], else one at a time.
interface HostConnection extends AutoCloseable {
    /// Opens connections.
    interface Dialer {
        /// Connects to a host.
        ///
        /// @throws CliException.Failed at once if there is no host there
        HostConnection dial(HostTarget target);
    }

    /// Spawns a proc and waits until it is ready, as long as the host is at it.
    ///
    /// @return its process id
    long spawn(String name) throws InterruptedException;

    /// The procs, sorted by name.
    List<ProcInfo> list() throws InterruptedException;

    /// The procs that ended last and whose names are free, the newest first.
    List<ProcInfo> listEnded() throws InterruptedException;

    /// What the host has counted, sorted by name.
    List<Counter> counters() throws InterruptedException;

    /// What a proc has counted, sorted by name.
    List<Counter> counters(String proc) throws InterruptedException;

    /// Lets a proc drain and end.
    ///
    /// @param grace after which it is ended by force
    /// @return how it ended, and if that is not as it was asked to, on more lines what it said last
    String stop(String name, Duration grace) throws InterruptedException;

    /// Kills a proc.
    ///
    /// @return how it ended, like [#stop]
    String kill(String name) throws InterruptedException;

    /// Asks the echo actor of a proc.
    ///
    /// @return the actor id that it answers
    String echo(String name) throws InterruptedException;

    /// Hands `taker` how every proc is, and then what happens to them, until it has enough.
    ///
    /// @param taker returns whether it wants more
    /// @throws CliException.Failed when the host is gone
    void watch(Predicate<? super ProcNews> taker) throws InterruptedException;

    /// What procs printed and logged.
    List<LogRecord> logs(LogQuery query) throws InterruptedException;

    /// What they printed and logged, then what they do from now on, until `sink` has enough or the
    /// thread is interrupted.
    void follow(LogQuery query, LogSink sink) throws InterruptedException;

    /// Takes records as they come.
    interface LogSink {
        /// Takes some.
        ///
        /// @return whether it wants more
        boolean take(LogBatch batch);
    }

    @Override
    void close();
}
