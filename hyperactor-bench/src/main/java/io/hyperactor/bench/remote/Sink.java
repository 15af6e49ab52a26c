package io.hyperactor.bench.remote;

import io.hyperactor.Actor;
import io.hyperactor.ActorHandle;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.Proc;
import io.hyperactor.bench.Peer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Counts data and answers requests, in a process of its own.
public final class Sink implements Actor<Traffic> {
    private @Nullable OncePortRef<Long> done;
    private long left;

    private Sink() {}

    /// Runs until the input ends.
    ///
    /// @param arguments the [Link]; bytes in a message
    public static void main(String[] arguments) throws IOException {
        try (Proc proc = Sender.direct("sink", arguments[0], Integer.parseInt(arguments[1]))) {
            ActorType<Traffic> type = ActorType.of("sink", Traffic.class, Sink::new);
            ActorHandle<Traffic> sink = proc.spawn("sink", type);
            Peer.serve(sink.id().toString());
        }
        Runtime.getRuntime().halt(0);
    }

    @Override
    public void receive(Context<Traffic> cx, Traffic message) {
        switch (message) {
            case Traffic.Expect(long messages, var port) -> {
                left = messages;
                done = port;
            }
            case Traffic.Data _ -> {
                if (--left == 0 && done != null) {
                    cx.send(done, left);
                }
            }
            case Traffic.Request(long id, byte[] payload, var replyTo) ->
                    cx.send(replyTo, new Traffic.Reply(id, payload));
        }
    }
}
