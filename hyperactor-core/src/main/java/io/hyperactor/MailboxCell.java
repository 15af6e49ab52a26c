package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;

/// An instance with a mailbox: takes messages from this process and from others, within its bounds,
/// and gives back what is not to be handled.
///
/// **Threads:** any, for all methods.
abstract class MailboxCell<M> extends InstanceCell implements Crowds.Place {
    private static final VarHandle WIRE_BYTES;

    static {
        try {
            WIRE_BYTES =
                    MethodHandles.lookup()
                            .findVarHandle(MailboxCell.class, "wireBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final ActorType<M> type;
    final Mailbox mailbox = new Mailbox(true);
    private long wireBytes; // of what waits and came from other procs

    MailboxCell(Proc proc, ActorId id, ActorType<M> type) {
        super(proc, id);
        this.type = type;
    }

    /// Has what is in the mailbox looked at. Called by whoever made it busy.
    abstract void schedule();

    /// Somebody waits for room: what is in the mailbox is looked at before what others have not
    /// begun with.
    abstract void hasten();

    /// Whether the calling thread is the one that empties the mailbox.
    abstract boolean isRunningHere();

    /// Why it takes no more messages.
    abstract DeliveryFailure.Reason endReason();

    final MessageType<M> protocol() {
        return type.protocol();
    }

    final int queued() {
        return mailbox.depth();
    }

    private int limit() {
        return proc().config().mailboxMaxMessages();
    }

    /// A message from an instance of this process. Waits for room.
    final void tell(Object message, Origin origin, long replyPort, long patience) {
        Mailbox.Node node = node(message, origin, replyPort);
        Mailbox.Push push = mailbox.push(node, limit());
        if (push == Mailbox.Push.QUEUED) {
            return;
        }
        if (push == Mailbox.Push.FULL && !isRunningHere()) {
            push =
                    proc().awaitRoom(
                                    id(),
                                    patience,
                                    () -> pushAgain(node),
                                    p -> p != Mailbox.Push.FULL);
        }
        afterPush(node, push);
    }

    private Mailbox.Push pushAgain(Mailbox.Node node) {
        Mailbox.Push push = mailbox.push(node, limit());
        if (push == Mailbox.Push.FULL) {
            hasten();
        }
        return push;
    }

    private static Mailbox.Node node(Object message, Origin origin, long replyPort) {
        return replyPort == 0
                ? new Mailbox.Node(message, origin)
                : new Mailbox.AskNode(message, origin, replyPort);
    }

    private void afterPush(Mailbox.Node node, Mailbox.Push push) {
        switch (push) {
            case QUEUED -> {}
            case WAS_IDLE -> schedule();
            case FULL -> giveBack(node, DeliveryFailure.Reason.QUEUE_FULL, id().toString());
            case CLOSED -> giveBack(node, endReason(), id() + " " + status());
        }
    }

    /// Messages that [Arrivals] have collected, the newest of them. Room was seen for each.
    final void arrived(Mailbox.Node newest) {
        switch (mailbox.pushAll(newest)) {
            case QUEUED, FULL -> {}
            case WAS_IDLE -> schedule();
            case CLOSED -> giveBackAll(Mailbox.oldestFirst(newest), id() + " " + status());
        }
    }

    /// Gives back each, and throws then what the first threw that could not be.
    final void giveBackAll(Mailbox.@Nullable Node first, String why) {
        Mailbox.Node n = first;
        try {
            for (; n != null; n = Mailbox.after(n)) {
                giveBack(n, endReason(), why);
            }
        } catch (Throwable t) {
            giveBackRest(Mailbox.after(n), why);
            throw t;
        }
    }

    private void giveBackRest(Mailbox.@Nullable Node first, String why) {
        for (Mailbox.Node n = first; n != null; n = Mailbox.after(n)) {
            giveBackAnyway(n, endReason(), why);
        }
    }

    /// The same for one, where a throw would harm others.
    final void giveBackAnyway(Mailbox.Node node, DeliveryFailure.Reason reason, String why) {
        try {
            giveBack(node, reason, why);
        } catch (Throwable t) {
            Dispatcher.fault("a message did not come back", t);
            proc().listeners().tellIfFatal(t);
        }
    }

    /// What was in the mailbox, or could not be put into it, is there no more.
    ///
    /// @return whether it came from another proc
    final boolean left(Mailbox.Node node) {
        int bytes = node.wireBytes;
        if (bytes != 0) {
            node.wireBytes = 0;
            countBytes(-bytes);
        }
        return bytes != 0;
    }

    private void countBytes(int more) {
        long before = (long) WIRE_BYTES.getAndAdd(this, (long) more);
        proc().heldBytes().changed(before, before + more);
    }

    final void giveBack(Mailbox.Node node, DeliveryFailure.Reason reason, String detail) {
        boolean _ = left(node);
        DeliveryFailure failure = new DeliveryFailure(reason, detail);
        Counters.undelivered(failure);
        node.origin.returned(
                new Undeliverable(
                        node.origin.id(),
                        id().port(type.protocol().handlerIndex()),
                        Optional.of(node.message),
                        List.of(failure),
                        Undeliverable.Outcome.NOT_DELIVERED),
                node.replyPort());
    }

    @Override
    final boolean acceptMessage(Envelope envelope) {
        MessageType<M> protocol = type.protocol();
        if (envelope.port() != protocol.handlerIndex()) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.HANDLER_NOT_BOUND, id() + " handles " + protocol.name());
            return true;
        }
        if (envelope.typeHash() != protocol.hash()) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.PROTOCOL_MISMATCH, id() + " handles " + protocol.name());
            return true;
        }
        Arrivals arrivals = envelope.arrivals();
        int collected = arrivals == null ? 0 : arrivals.messages(this);
        if (mailbox.isFull(limit() - collected)) {
            if (!envelope.isPassing()) {
                hasten();
                return false; // its sender is in this process, and waits
            }
            askToHoldBack(envelope);
        }
        int bytes = envelope.wireBytes();
        if (bytes > 0 && !hasRoomFor(envelope, bytes)) {
            return true;
        }
        Object message = decode(envelope, protocol);
        if (message != null && !type.takes(proc().id(), envelope.sender(), message)) {
            envelope.forbid(id() + " does not take that from there");
        } else if (message != null) {
            var node = node(message, envelope.origin(proc(), protocol), envelope.replyPort());
            node.wireBytes = bytes;
            countBytes(bytes);
            if (arrivals != null) {
                arrivals.add(this, node);
            } else { // room was seen; races are few
                afterPush(node, mailbox.push(node, Integer.MAX_VALUE));
            }
        }
        return true;
    }

    /// What was on its way by then comes all the same: as much as a link holds, and what was sent
    /// until the word had arrived. So only its bytes have a limit, which is several times that.
    private void askToHoldBack(Envelope envelope) {
        Home home = proc().home();
        home.process().crowds().entered(this, envelope, false, home);
    }

    /// Of bytes, its own and those of the whole proc, those at their limit are refused without
    /// delay.
    ///
    /// @return false if there is no room: the envelope went back
    private boolean hasRoomFor(Envelope envelope, int bytes) {
        long held = wireBytes();
        long most = proc().config().mailboxMaxBytes();
        HeldBytes all = proc().heldBytes();
        if ((held > 0 && held + bytes > most / 2) || all.isCrowdedBy(held, bytes)) {
            askToHoldBack(envelope);
        }
        if (held > 0 && held + bytes > most) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.QUEUE_FULL, id() + " has " + held + " bytes waiting");
            return false;
        }
        if (!all.hasRoom(held, bytes)) {
            envelope.undeliverable(DeliveryFailure.Reason.QUEUE_FULL, proc().fullOfBytes());
            return false;
        }
        return true;
    }

    final long wireBytes() {
        return (long) WIRE_BYTES.getOpaque(this);
    }

    @Override
    public final boolean isRoomy() {
        return !acceptsMessages()
                || (mailbox.depth() <= limit() / 2
                        && wireBytes() <= proc().config().mailboxMaxBytes() / 4
                        && proc().heldBytes().isRoomyFor(wireBytes()));
    }
}
