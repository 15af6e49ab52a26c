package io.hyperactor.bench.remote;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/// [Sink] with Pekko.
public final class PekkoSink extends AbstractBehavior<PekkoTraffic> {
    private @Nullable ActorRef<PekkoTraffic> sender;
    private long expected;
    private long reportEvery = 1;
    private long handled;

    private PekkoSink(ActorContext<PekkoTraffic> context) {
        super(context);
    }

    /// Runs until the input ends.
    ///
    /// @param arguments how long messages get in bytes, if that is more than usual
    public static void main(String[] arguments) throws Exception {
        int messageBytes = arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]);
        PekkoSystem system = Artery.start(Artery.frames(messageBytes));
        ActorRef<PekkoTraffic> sink = system.spawn("sink", Behaviors.setup(PekkoSink::new));
        Peer.serve(ActorRefResolver.get(system.system()).toSerializationFormat(sink));
        Runtime.getRuntime().halt(0);
    }

    @Override
    public Receive<PekkoTraffic> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::handle).build();
    }

    private Behavior<PekkoTraffic> handle(PekkoTraffic message) {
        switch (message) {
            case PekkoTraffic.Expect(long messages, long every, var from) -> {
                sender = from;
                reportEvery = every;
                expected = messages;
                handled = 0;
                report();
            }
            case PekkoTraffic.Data _ -> {
                if (++handled % reportEvery == 0 || handled == expected) {
                    report();
                }
            }
            case PekkoTraffic.Request(long id, byte[] payload, var replyTo) ->
                    replyTo.tell(new PekkoTraffic.Reply(id, payload));
            case PekkoTraffic.Handled _, PekkoTraffic.Reply _ -> {}
        }
        return this;
    }

    private void report() {
        if (sender != null) {
            sender.tell(new PekkoTraffic.Handled(handled));
        }
    }
}
