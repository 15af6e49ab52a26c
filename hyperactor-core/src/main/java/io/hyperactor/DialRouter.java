package io.hyperactor;

import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Routes by proc: to the address bound for it, else to the default sender, else to the address
/// inside its id. One channel for what is at an address and is shown a secret there, made on first
/// use and forgotten when it ends, so the next message tries afresh.
///
/// **Threads:** any.
public final class DialRouter implements MailboxSender, AutoCloseable {
    /// Answers that a peer had sent before it ended may still be on their way in.
    private static final Duration ANSWERS_ARRIVE = Duration.ofMillis(50);

    private final @Nullable MailboxSender defaultSender;
    private final @Nullable Target everywhere;
    private final Map<ProcId, Bound> bound = new ConcurrentHashMap<>();
    private final Links links;
    private final Elsewhere elsewhere;

    /// Procs that have ended, and how many of their lives: who had sent to them is told later.
    private final Map<ProcId, Integer> untold = new ConcurrentHashMap<>();

    /// The route taken last. Messages come in runs to one proc, whose id is then one object.
    private volatile @Nullable Route last;

    /// Counts what may have made a route stale.
    private final AtomicInteger changes = new AtomicInteger();

    /// @param tallies what is sent there; null if that is known at the other end
    /// @param askers who asks it; null if that is known where they are
    /// @param asOf the count of changes before it was looked up: at any other it is not to be used
    private record Route(
            ProcId proc,
            MailboxClient client,
            @Nullable Tallies tallies,
            @Nullable Askers askers,
            int asOf) {
        boolean offer(Envelope envelope) {
            if (tallies != null && envelope.isTell()) {
                return client.offer(envelope, tallies.of(envelope));
            }
            if (askers != null) {
                askers.passed(envelope);
            }
            return client.offer(envelope);
        }
    }

    /// @param askers who has asked the proc, and is told when it ends
    /// @param tallies what was sent to it, for the same reason
    private record Bound(Target target, Askers askers, Tallies tallies) {
        static Bound to(Target target) {
            return new Bound(target, new Askers(), new Tallies());
        }
    }

    private volatile Home home;
    private volatile @Nullable ChannelAddress own;

    /// A router that dials procs it was not told about.
    public DialRouter(Channels channels) {
        this(channels, Optional.empty());
    }

    /// A router that hands messages for procs it was not told about to `defaultSender`, if given.
    public DialRouter(Channels channels, Optional<MailboxSender> defaultSender) {
        this(channels, defaultSender.orElse(null), null, OwnProcess.shared());
    }

    private DialRouter(
            Channels channels,
            @Nullable MailboxSender defaultSender,
            @Nullable Target everywhere,
            OwnProcess process) {
        this.defaultSender = defaultSender;
        this.everywhere = everywhere;
        this.home = new Home(this, process);
        this.links =
                new Links(
                        channels,
                        process,
                        this::boundTargets,
                        changes::incrementAndGet,
                        this::ended);
        this.elsewhere = new Elsewhere(links, this::isHere, process.clockwork()::nanoTime);
    }

    /// A router that sends everything to `address`, which it dials again when the channel has
    /// ended.
    ///
    /// @param secret what it shows there
    static DialRouter through(
            Channels channels, ChannelAddress address, Secret secret, OwnProcess process) {
        return new DialRouter(channels, null, new Target(address, secret), process);
    }

    /// Like [#DialRouter(Channels)], in that process.
    static DialRouter in(OwnProcess process, Channels channels) {
        return new DialRouter(channels, null, null, process);
    }

    /// Messages that come back go to `sender` instead of this router: the procs behind it.
    public void returnTo(MailboxSender sender) {
        home = new Home(sender, home.process());
    }

    /// Procs of this address that are not bound do not exist: messages for them go back at once
    /// instead of being dialled, which would be a loop.
    public void owns(ChannelAddress address) {
        own = address;
    }

    /// Sends what is for `proc` to `address` from now on. What it was bound to elsewhere has ended,
    /// as for [#unbind].
    ///
    /// @param secret what is shown there, [Secret#NONE] where none is asked for
    public void bind(ProcId proc, ChannelAddress address, Secret secret) {
        Target target = new Target(address, secret);
        Bound known = bound.get(proc);
        if (known != null && known.target.equals(target)) {
            return; // what has been counted goes on
        }
        Bound before = bound.put(proc, Bound.to(target));
        changes.incrementAndGet();
        if (before != null) {
            release(before.target);
            tell(proc, before);
        }
    }

    /// Forgets the address of `proc`, which has ended. What is still on its way there goes back
    /// when its channel ends, then its senders are told of what it had queued; whoever has asked it
    /// something is told at once that no answer comes.
    public void unbind(ProcId proc) {
        forget(proc).run();
    }

    /// Does the same, but for who is told: they may run anything, so whoever holds a lock tells
    /// them later.
    ///
    /// @return tells them
    public Runnable forget(ProcId proc) {
        Bound before = bound.remove(proc);
        changes.incrementAndGet();
        if (before == null) {
            return () -> {};
        }
        MailboxClient unused = isInUse(before.target) ? null : links.take(before.target);
        return () -> {
            links.close(unused);
            tell(proc, before);
        };
    }

    private void tell(ProcId proc, Bound ended) {
        ended.askers.tell(proc, home);
        tellDoubts(proc, ended);
        bound.values().forEach(other -> other.tallies.forgetSendersOf(proc));
        elsewhere.forgetSendersOf(proc);
    }

    /// When what is on its way has come back: nobody is told of the same message twice.
    private void tellDoubts(ProcId proc, Bound ended) {
        MailboxClient link = ended.tallies.link();
        if (link == null || links.hold(link)) {
            ended.tallies.tell(home);
            if (link != null) {
                link.isCountedNoMoreBy(ended.tallies);
            }
        } else {
            int _ = untold.merge(proc, 1, Integer::sum);
            link.whenEnded(() -> {
                ended.tallies.tell(home);
                untold.computeIfPresent(proc, (_, lives) -> lives == 1 ? null : lives - 1);
            });
        }
    }

    /// Other procs may be reached through the same channel.
    private boolean isInUse(Target target) {
        for (Bound other : bound.values()) {
            if (other.target.equals(target)) {
                return true;
            }
        }
        return false;
    }

    private void release(Target target) {
        if (!isInUse(target)) {
            links.close(links.take(target));
        }
    }

    private Set<Target> boundTargets() {
        Set<Target> targets = new HashSet<>();
        bound.values().forEach(one -> targets.add(one.target));
        return targets;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
    public boolean offer(Envelope envelope) {
        Route route = last;
        if (route != null && route.proc() == envelope.proc() && route.asOf() == changes.get()) {
            return route.offer(envelope);
        }
        return offerByMap(envelope);
    }

    /// Notes what news that has come says of messages that were passed on.
    ///
    /// @param by incarnation of the process from which it came
    /// @return whether it goes no further
    boolean hears(Envelope news, long by) {
        ProcId proc = news.sender().proc();
        Tallies counts = talliesOf(proc);
        if (HandledReports.isOne(news)) {
            Handled said = Handled.in(news);
            boolean believed = said != null && counts != null && counts.handled(said, proc, by);
            return !believed || isHere(news.proc()) || overtakes(news);
        }
        if (counts != null) {
            counts.cameBack(news, by, home);
        }
        return false;
    }

    private @Nullable Tallies talliesOf(ProcId proc) {
        Bound known = bound.get(proc);
        if (known != null) {
            return known.tallies;
        }
        Tallies counts = elsewhere.at(Target.open(proc.address()));
        if (counts != null) {
            counts.follow(home);
        }
        return counts;
    }

    private boolean isHere(ProcId proc) {
        return proc.address().equals(own) || bound.containsKey(proc) || home.isHomeOf(proc);
    }

    /// Whether that would be heard before news of what came before it. Then only that the proc
    /// counts goes on, and more is in doubt than need be.
    private boolean overtakes(Envelope report) {
        boolean does =
                untold.containsKey(report.sender().proc())
                        || home.process().news().isFor(report.proc().address());
        if (does) {
            home.send(HandledReports.begun(report), HandledReports.MARK_BYTES);
        }
        return does;
    }

    private boolean offerByMap(Envelope envelope) {
        int asOf = changes.get();
        Bound known = everywhere != null ? null : bound.get(envelope.proc());
        Target target = known != null ? known.target : everywhere;
        if (target == null) {
            if (envelope.proc().address().equals(own)) {
                envelope.undeliverable(
                        DeliveryFailure.Reason.NO_ROUTE, "no proc " + envelope.proc());
                return true;
            }
            if (defaultSender != null) {
                return defaultSender.offer(envelope);
            }
            target = Target.open(envelope.proc().address());
        }
        MailboxClient client = links.to(target, known != null, envelope, home);
        if (client == null) {
            return true;
        }
        Route route = route(envelope.proc(), target, client, known, asOf);
        if (known == null && everywhere == null) {
            used(client);
        }
        last = route;
        return route.offer(envelope);
    }

    /// And the one until now was in use until now.
    private void used(MailboxClient client) {
        long now = home.process().clockwork().nanoTime();
        Route before = last;
        if (before != null) {
            before.client.used(now);
        }
        client.used(now);
    }

    private Route route(
            ProcId proc, Target target, MailboxClient client, @Nullable Bound known, int asOf) {
        if (everywhere != null) {
            return new Route(proc, client, null, null, asOf);
        }
        if (known == null) {
            Askers askers = home.way() instanceof Proc ? null : client.askersOf(proc);
            return new Route(proc, client, elsewhere.by(target, client), askers, asOf);
        }
        known.tallies.goBy(client);
        return new Route(proc, client, known.tallies, known.askers, asOf);
    }

    /// @return tells those who have sent something there, if he who was there is gone
    private @Nullable Runnable ended(Target target, MailboxClient client, CloseReason why) {
        DeliveryFailure.Reason reason = LinkEnds.lossOf(why);
        boolean isGone = reason == DeliveryFailure.Reason.PROC_DIED;
        Tallies counts;
        try {
            counts = elsewhere.ended(target, client, isGone);
        } finally { // also without memory
            boolean _ = links.remove(target, client);
        }
        Proc asker = home.way() instanceof Proc proc ? proc : null;
        if (isGone && asker == null) {
            client.tellAskers(); // ahead of what comes back, which may be asked again
        }
        return () -> {
            try {
                if (counts != null) { // when who was about to send by that link has it back
                    later(() -> counts.tell(home));
                }
            } finally {
                if (reason != null && asker != null) {
                    later(() ->
                            asker.unanswered(ask -> ask.hasGoneBy(client), reason, why.toString()));
                }
            }
        };
    }

    private void later(Runnable tell) {
        boolean set = false;
        try {
            Timers.Timer _ = home.process().clockwork().after(ANSWERS_ARRIVE, tell);
            set = true;
        } finally {
            if (!set) { // for want of memory
                tell.run();
            }
        }
    }

    @Override
    public CompletableFuture<Void> flush() {
        List<CompletableFuture<Void>> all = links.flush();
        if (defaultSender != null) {
            all.add(defaultSender.flush());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    /// Closes its channels; later messages come back.
    @Override
    public void close() {
        links.close();
    }
}
