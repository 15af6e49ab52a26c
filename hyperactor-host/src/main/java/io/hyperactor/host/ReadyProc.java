package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The proof that a proc is ready: its address and agent are there.
///
/// @param <A> the protocol of the proc's agent
public final class ReadyProc<A> {
    private final ProcHandle<A> handle;
    private final ChannelAddress address;
    private final ActorRef<A> agent;

    private ReadyProc(ProcHandle<A> handle, ChannelAddress address, ActorRef<A> agent) {
        this.handle = handle;
        this.address = address;
        this.agent = agent;
    }

    /// Waits until the proc is ready, and takes its address and its agent, in this order.
    ///
    /// @param limit how long to wait; zero waits without limit
    /// @throws ReadyProcException if it does not become ready, or lacks one of the two
    public static <A> ReadyProc<A> ensure(ProcHandle<A> handle, Duration limit)
            throws InterruptedException {
        await(handle, limit);
        ChannelAddress address =
                handle.address().orElseThrow(ReadyProcException.MissingAddress::new);
        ActorRef<A> agent = handle.agent().orElseThrow(ReadyProcException.MissingAgent::new);
        return new ReadyProc<>(handle, address, agent);
    }

    private static void await(ProcHandle<?> handle, Duration limit) throws InterruptedException {
        try {
            if (limit.isZero()) {
                handle.ready().get();
            } else {
                handle.ready().get(Durations.nanos(limit), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            throw new ReadyProcException.Timeout(limit);
        } catch (ExecutionException e) {
            throw new ReadyProcException.Ready(
                    e.getCause() instanceof ReadyException cause
                            ? cause
                            : new ReadyException.ChannelClosed(String.valueOf(e.getCause())));
        }
    }

    /// The proc's identity.
    public ProcId procId() {
        return handle.procId();
    }

    /// The id of its operating-system process, if it has one of its own.
    public OptionalLong pid() {
        return handle.pid();
    }

    /// The handle, to wait for its end or to end it.
    public ProcHandle<A> handle() {
        return handle;
    }

    /// Where the proc takes messages.
    public ChannelAddress address() {
        return address;
    }

    /// The proc's agent.
    public ActorRef<A> agent() {
        return agent;
    }
}
