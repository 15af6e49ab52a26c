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
    /// How many messages are handled from one report to the next.
    static final int REPORT_EVERY = 250;

    private @Nullable ActorRef<PekkoTraffic> sender;
    private long expected;
    private long handled;

    private PekkoSink(ActorContext<PekkoTraffic> context) {
        super(context);
    }

    /// Runs until the input ends.
    public static void main(String[] arguments) throws Exception {
        PekkoSystem system = Artery.start();
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
            case PekkoTraffic.Expect(long messages, var from) -> {
                sender = from;
                expected = messages;
                handled = 0;
                report();
            }
            case PekkoTraffic.Data _ -> {
                if (++handled % REPORT_EVERY == 0 || handled == expected) {
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
