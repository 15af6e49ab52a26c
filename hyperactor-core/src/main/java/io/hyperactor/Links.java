package io.hyperactor;

import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The links of a router, one to each target: made when something is to go there for the first
/// time, and forgotten when it ends, so the next message tries afresh. How many there are is
/// bounded, but for those to where procs are bound.
///
/// **Threads:** any.
final class Links {
    /// Besides those to where procs are bound, which themselves are always dialled.
    static final int MAX = 1024;

    /// Of them, to addresses at which nobody has answered yet, or ever will: anybody can name some.
    static final int UNANSWERED_MAX = MAX / 2;

    /// Whose links they are.
    @FunctionalInterface
    interface Listener {
        /// That link has ended and is to be [removed][#remove(Target, MailboxClient)].
        ///
        /// @return what is to be done when all is back that it had not delivered; null for nothing
        @Nullable Runnable ended(Target target, MailboxClient link, CloseReason why);
    }

    private final Channels channels;
    private final OwnProcess process;
    private final Supplier<Set<Target>> bound;
    private final Runnable changed;
    private final Listener listener;
    private final Map<Target, MailboxClient> byTarget = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param bound where procs are bound
    /// @param changed is run after each time that a link may have ceased to lead there
    Links(
            Channels channels,
            OwnProcess process,
            Supplier<Set<Target>> bound,
            Runnable changed,
            Listener listener) {
        this.channels = channels;
        this.process = process;
        this.bound = bound;
        this.changed = changed;
        this.listener = listener;
    }

    /// The link that leads there; null if there is none.
    @Nullable MailboxClient at(Target target) {
        return byTarget.get(target);
    }

    /// Whether that one still leads to where it did.
    boolean hold(MailboxClient link) {
        return byTarget.containsValue(link);
    }

    int size() {
        return byTarget.size();
    }

    /// The link by which `envelope` is to go there, made if need be.
    ///
    /// @param home takes what goes back
    /// @return null after having returned the envelope
    @Nullable MailboxClient to(Target target, boolean isBound, Envelope envelope, Home home) {
        MailboxClient known = byTarget.get(target);
        if (known != null) {
            return known;
        }
        if (closed) {
            return refuse(envelope, "router closed");
        }
        if (!isBound && size() >= UNANSWERED_MAX && !makeRoom(HandledReports.isOne(envelope))) {
            return refuse(
                    envelope,
                    "no more than " + MAX + " addresses at a time, besides those of bound procs");
        }
        try {
            MailboxClient dialled = byTarget.computeIfAbsent(target, to -> dial(to, home));
            if (closed) { // since we looked: close() may have missed it
                close(take(target));
            }
            return dialled;
        } catch (ChannelException e) {
            envelope.undeliverable(DeliveryFailure.Reason.DIAL_FAILED, Texts.describe(e));
            return null;
        }
    }

    private static @Nullable MailboxClient refuse(Envelope envelope, String why) {
        envelope.undeliverable(DeliveryFailure.Reason.LINK_UNAVAILABLE, why);
        return null;
    }

    private MailboxClient dial(Target target, Home home) {
        return new MailboxClient(
                channels,
                target.address(),
                target.secret(),
                home,
                (link, why) -> listener.ended(target, link, why));
    }

    /// Sees to it that one more address may be dialled that is not bound.
    ///
    /// @param gently whether no other link is to give way
    /// @return false if all links are busy
    private boolean makeRoom(boolean gently) {
        Set<Target> toBound = bound.get();
        SpareLink spare = new SpareLink(MAX, UNANSWERED_MAX);
        byTarget.forEach((target, link) -> {
            if (!toBound.contains(target)) {
                spare.look(link);
            }
        });
        MailboxClient leaving = spare.find();
        if (leaving == null || gently) {
            return leaving == null && !spare.isFull();
        }
        if (byTarget.values().remove(leaving)) { // else it has just left by itself
            changed.run();
            BoundCounter.LINKS_DISPLACED.add(1);
            leaving.displace("others are dialled instead, of " + MAX + " at a time");
        }
        return true;
    }

    /// Nobody sends by the link to there from now on.
    @Nullable MailboxClient take(Target target) {
        MailboxClient link = byTarget.remove(target);
        changed.run();
        return link;
    }

    /// That link leads there no more.
    ///
    /// @return whether it did
    boolean remove(Target target, MailboxClient link) {
        boolean led = byTarget.remove(target, link);
        changed.run();
        return led;
    }

    /// Closing waits for acknowledgements, which is not for the thread of whoever changes a route.
    void close(@Nullable MailboxClient link) {
        if (link != null) {
            process.clockwork().apart(link::close);
        }
    }

    /// One for each link: completes when what has been sent by it is acknowledged.
    List<CompletableFuture<Void>> flush() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        byTarget.values().forEach(link -> all.add(link.flush()));
        return all;
    }

    /// Closes them all and waits for it; there are no new ones.
    void close() {
        closed = true;
        List<MailboxClient> all = List.copyOf(byTarget.values());
        if (all.size() == 1) {
            all.getFirst().close();
        } else {
            closeTogether(all);
        }
    }

    /// So that peers that do not answer do not add up.
    private static void closeTogether(List<MailboxClient> many) {
        List<Thread> closing = new ArrayList<>();
        many.forEach(link -> closing.add(Thread.ofVirtual().start(link::close)));
        try {
            for (Thread one : closing) {
                one.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they go on; only nobody waits for them
        }
    }
}
