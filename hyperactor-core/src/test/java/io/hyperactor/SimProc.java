package io.hyperactor;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.util.List;

/// One life of a proc in a process of its own, with two actors and a client.
final class SimProc {
    static final int PORT = 1;
    static final List<String> ACTORS = List.of("one", "two");

    final ProcId id;
    final SimRuntime process;
    final ChannelAddress address;
    final Secret secret;
    final SimClient client;
    private final Proc proc;
    private final RouteWorld world;
    private final Post post;

    private SimProc(
            RouteWorld world,
            Post post,
            SimRuntime process,
            Proc proc,
            ChannelAddress address,
            Secret secret) {
        this.world = world;
        this.post = post;
        this.process = process;
        this.proc = proc;
        this.id = proc.id();
        process.id = id;
        this.address = address;
        this.secret = secret;
        proc.supervise(_ -> {});
        ACTORS.forEach(this::spawn);
        client = new SimClient(world, process, proc, post);
    }

    /// One that stands alone.
    static SimProc direct(RouteWorld world, Post post, String name, String machine) {
        SimRuntime process = world.start(name, machine);
        ChannelAddress address = process.address(PORT);
        Proc proc = Proc.direct(address, name, world.config(process), process.own);
        return new SimProc(world, post, process, proc, address, Secret.NONE);
    }

    /// One behind a host, which does not know it yet.
    static SimProc behind(
            RouteWorld world, Post post, ProcId id, ChannelAddress backend, String machine) {
        SimRuntime process = world.start(id.name(), machine);
        ChannelAddress address = process.address(PORT);
        Secret secret =
                new Secret(world.sim.random().nextLong() | 1, world.sim.random().nextLong());
        Proc proc = Proc.forwarding(id, backend, secret, world.config(process), process.own);
        MailboxServer server =
                MailboxServer.bind(
                        world.config(process), address, Admission.only(secret), process.own);
        boolean _ = server.serve(proc);
        return new SimProc(world, post, process, proc, address, secret);
    }

    /// Somebody who says that it is that proc.
    static SimClient impostor(RouteWorld world, Post post, ProcId as, String machine) {
        SimRuntime process = world.start("impostor", machine);
        DialRouter router = DialRouter.in(process.own, process.channels());
        Proc proc = Proc.configured(as, router, world.config(process), process.own);
        router.returnTo(proc);
        return new SimClient(world, process, proc, post);
    }

    private void spawn(String actor) {
        proc.spawn(actor, NoteActor.type(post));
    }

    /// Those that failed are there again.
    void respawn() {
        for (String actor : ACTORS) {
            if (proc.find(id.actor(actor, 0)) == null) {
                spawn(actor);
            }
        }
    }

    /// An actor ends at once.
    void killActor(String actor) {
        if (proc.find(id.actor(actor, 0)) instanceof ActorCell<?> cell) {
            world.fails(cell.id());
            boolean _ = cell.abort("as it should");
        }
    }
}
