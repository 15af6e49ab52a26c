package io.hyperactor;

import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One life of a host, as far as messages know it: two servers before one router, in which its
/// procs are bound. It notes what it passes on.
final class SimHost {
    static final int FRONT = 1;
    static final int BACK = 2;

    /// A sender, in one of its lives, and whom it sends to.
    record Pair(ActorId sender, long incarnation, ActorId to) {}

    /// A proc as long as it is bound.
    static final class Binding {
        final ProcId proc;
        final SimRuntime host;
        final SimRuntime process;
        final long since;
        long endedAt = Long.MAX_VALUE;

        /// It has said that it tells what it handles.
        boolean heard;

        /// Plain messages in the order that they were passed on in.
        final Map<Pair, List<Letter>> passed = new LinkedHashMap<>();

        /// For whom it was told already which are in doubt.
        final Map<Pair, Post.Doubt> doubts = new HashMap<>();

        Binding(ProcId proc, SimRuntime host, SimRuntime process, long since) {
            this.proc = proc;
            this.host = host;
            this.process = process;
            this.since = since;
        }

        @Override
        public String toString() {
            return process.name + (heard ? "" : " (silent)");
        }
    }

    final SimRuntime process;
    private final RouteWorld world;
    private final Post post;
    private final Map<ProcId, Binding> bound = new HashMap<>();
    private final Map<Secret, ProcId> secrets = new HashMap<>();
    private final DialRouter router;
    private final Proc service;

    SimHost(RouteWorld world, Post post, String name, String machine) {
        this.world = world;
        this.post = post;
        this.process = world.start(name, machine);
        ProcConfig config = world.config(process);
        ChannelAddress front = process.address(FRONT);
        ChannelAddress back = process.address(BACK);
        OwnProcess own = process.own;
        MailboxServer frontend = MailboxServer.bind(config, front, Admission.open(), own);
        MailboxServer backend = MailboxServer.bind(config, back, this::admit, own);
        router = DialRouter.in(own, process.channels());
        service = Proc.configured(new ProcId(front, "service"), router, config, own);
        MailboxSender forwarder = new Forwarder();
        router.returnTo(forwarder);
        router.owns(front);
        boolean _ = frontend.serve(forwarder, this::hears) && backend.serve(forwarder, this::hears);
    }

    private boolean hears(Envelope news, long by) {
        Binding binding = bound.get(news.sender().proc());
        if (binding != null
                && news.port() == HandledReports.PORT
                && by == binding.process.incarnation()) {
            binding.heard = true;
        }
        return router.hears(news, by);
    }

    private Optional<Peer> admit(Secret shown) {
        return Optional.ofNullable(secrets.get(shown)).map(Peer.Member::new);
    }

    /// From now on that proc may send to the backend.
    void admits(ProcId proc, Secret secret) {
        secrets.put(secret, proc);
    }

    Binding bind(ProcId proc, ChannelAddress address, Secret secret, SimRuntime there) {
        world.sim.trace(6, proc.hashCode());
        Binding binding = new Binding(proc, process, there, world.sim.now());
        post.bindings.add(binding);
        Binding before = bound.put(proc, binding);
        if (before != null) {
            before.endedAt = world.sim.now();
        }
        world.story("bound", binding);
        router.bind(proc, address, secret);
        return binding;
    }

    /// A route to somewhere else than a proc of this host.
    void route(ProcId proc, ChannelAddress address) {
        router.bind(proc, address, Secret.NONE);
    }

    /// As a host does when a process has ended: the route goes at once, who is told hears later.
    void unbind(ProcId proc, Binding binding, long tellsAfter) {
        if (bound.remove(proc, binding)) {
            world.sim.trace(7, proc.hashCode());
            binding.endedAt = world.sim.now();
            world.story("unbound", binding);
            Runnable tell = router.forget(proc);
            if (tellsAfter == 0) {
                tell.run();
            } else {
                Timers.Timer _ = process.after(Duration.ofNanos(tellsAfter), tell);
            }
        }
    }

    /// Its own proc or the router, as in a host.
    private final class Forwarder implements MailboxSender {
        @Override
        public boolean offer(Envelope envelope) {
            Binding binding = bound.get(envelope.proc());
            Letter letter = letter(envelope);
            if (letter != null) {
                letter.hosts.add(process);
                letter.passedAt = world.sim.now();
                world.story(process + " passes on", letter);
            }
            if (letter != null && binding != null) {
                letter.passed.add(binding);
                if (envelope.isTell()) {
                    Pair pair =
                            new Pair(
                                    envelope.sender(),
                                    envelope.senderIncarnation(),
                                    envelope.destinationAddress().id());
                    binding.passed.computeIfAbsent(pair, _ -> new ArrayList<>()).add(letter);
                }
            }
            return envelope.proc().equals(service.id())
                    ? service.offer(envelope)
                    : router.offer(envelope);
        }

        private @Nullable Letter letter(Envelope envelope) {
            if (envelope.isReturn() || envelope.typeHash() != Protocols.of(Note.class).hash()) {
                return null;
            }
            return post.letter(((Note) envelope.message(Protocols.of(Note.class))).id());
        }

        @Override
        public boolean isHomeOf(ProcId proc) {
            return service.isHomeOf(proc);
        }

        @Override
        public CompletableFuture<Void> flush() {
            return router.flush();
        }
    }
}
