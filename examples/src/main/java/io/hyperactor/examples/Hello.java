package io.hyperactor.examples;

import io.hyperactor.Actor;
import io.hyperactor.ActorRef;
import io.hyperactor.ActorType;
import io.hyperactor.Client;
import io.hyperactor.Context;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;

/// The smallest whole program: a counter in a process of its own.
///
/// One class is both sides. Started by you it is the host: it launches itself once more as the proc
/// `worker`, spawns a `Counter` there by its type, sends it two messages and asks for the sum.
/// Started by the host it is that proc.
///
/// Run it with `examples/run hello`. It prints
///
/// ```
/// worker, process 4711, counted 42
/// ```
public final class Hello {
    sealed interface CounterMessage {
        record Add(long amount) implements CounterMessage {}

        record Get(OncePortRef<Long> replyTo) implements CounterMessage {}
    }

    static final class Counter implements Actor<CounterMessage> {
        static final ActorType<CounterMessage> TYPE =
                ActorType.of("counter", CounterMessage.class, Counter::new);
        private long total;

        @Override
        public void receive(Context<CounterMessage> cx, CounterMessage message) {
            switch (message) {
                case CounterMessage.Add(long amount) -> total += amount;
                case CounterMessage.Get(var replyTo) -> cx.send(replyTo, total);
            }
        }
    }

    private Hello() {}

    /// Runs the program, as the host or as its proc.
    public static void main(String[] args) throws InterruptedException {
        if (ProcMain.isChild()) {
            ProcMain.run(Counter.TYPE); // does not return
        }
        try (Host<ProcAgentMessage> host =
                        Host.serve(
                                ChannelAddress.any(Transport.UNIX),
                                ProcessProcManager.running(Hello.class));
                Client client = host.systemProc().client("main")) {
            ReadyProc<ProcAgentMessage> worker = host.spawn("worker");
            ActorRef<CounterMessage> counter =
                    client.spawn(worker.agent(), "counter", Counter.TYPE);
            client.send(counter, new CounterMessage.Add(2));
            client.send(counter, new CounterMessage.Add(40));
            long total = client.ask(counter, CounterMessage.Get::new, Duration.ofSeconds(10));
            System.out.printf(
                    "worker, process %d, counted %d%n", worker.pid().orElseThrow(), total);
        }
    }
}
