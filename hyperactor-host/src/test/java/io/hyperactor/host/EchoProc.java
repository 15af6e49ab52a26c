package io.hyperactor.host;

import io.hyperactor.Proc;

/// The child program of the seed's test: an [EchoActor] is the agent, and there is nothing else.
final class EchoProc {
    private EchoProc() {}

    public static void main(String[] args) throws Exception {
        Proc proc = ProcBoot.bootProc(p -> p.spawn("host_agent", EchoActor.TYPE));
        var _ = proc.ended().get(); // never, by itself
    }
}
