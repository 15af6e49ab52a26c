package io.hyperactor.examples;

import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;

/// The program of the README: a counter in a process of its own.
///
/// One class is both sides. Started by you it is the host: it launches itself once more as the proc
/// `worker-1`, spawns a [Counter] there by its type, sends it a message and asks for the sum.
/// Started by the host it is that proc.
///
/// Run it with `examples/run hello`. It prints
///
/// ```
/// unix:/tmp/hyperactor-you/lvi-qglj-1ulajuk.c95inw1i9ikx,worker-1,counter-1[0] says 2
/// ```
public final class Hello {
    public static void main(String[] args) throws InterruptedException {
        if (ProcMain.isChild()) {
            ProcMain.run(Counter.TYPE); // does not return
        }
        try (Host<ProcAgentMessage> host =
                        Host.serve(
                                ChannelAddress.any(Transport.UNIX),
                                ProcessProcManager.running(Hello.class));
                Client client = host.systemProc().client("main")) {
            var worker = host.spawn("worker-1"); // a process; returns when it is ready, or throws
            var counter = client.spawn(worker.agent(), "counter-1", Counter.TYPE);
            client.send(counter, new CounterMessage.Add(2));
            long total = client.ask(counter, CounterMessage.Get::new, Duration.ofSeconds(5));
            System.out.println(counter.id() + " says " + total);
        } // ends the proc and its process
    }
}
