package io.hyperactor;

/// The behaviour of an actor: its state and what it does with each message.
///
/// One actor never runs two of these methods at the same time, and what one call wrote the next one
/// sees, so an implementation needs no locks for its own fields. A method may block: that delays
/// this actor, not others. Whatever a method throws ends the actor as [ActorStatus.Failed] with
/// that cause.
///
/// @param <M> the protocol: a sealed interface of records, or a single record
public interface Actor<M> {
    /// Called once before the first message. Messages sent meanwhile are queued.
    default void init(Context<M> cx) throws Exception {}

    /// Handles one message.
    ///
    /// **Order:** the messages of one sender arrive in the order they were sent.
    void receive(Context<M> cx, M message) throws Exception;

    /// Called once after the last message, with all children ended. Not called when the actor was
    /// aborted. What it throws becomes the actor's failure only if there was none.
    default void cleanup(Context<M> cx) throws Exception {}

    /// A child of this actor ended. Returns whether that is dealt with; if not, this actor fails
    /// too, naming the child's failure as cause.
    ///
    /// The default accepts clean stops and does not accept failures.
    default boolean childEnded(Context<M> cx, SupervisionEvent event) throws Exception {
        return !event.isFailure();
    }

    /// A message this actor had sent came back. Throwing fails the actor.
    ///
    /// The default fails on an invalid reference, an expired or an oversized message, which only a
    /// change of the program can cure, and accepts the rest. Of what was sent to a port, such as an
    /// answer, it accepts an invalid reference and an oversized message too, for whoever asks gives
    /// the one, and may ask for the other.
    ///
    /// Of an answer that comes back while its request is handled, the asker is told when this has
    /// returned: so it may give another one.
    default void undeliverable(Context<M> cx, Undeliverable returned) throws Exception {
        DeliveryFailure.Reason reason = returned.failure().reason();
        switch (reason.kind()) {
            case INVALID_REFERENCE -> {
                if (!returned.destination().isEphemeral()
                        || reason == DeliveryFailure.Reason.UNENCODABLE) {
                    throw new HyperactorException.MessageReturned(returned);
                }
            }
            case EXPIRED -> throw new HyperactorException.MessageReturned(returned);
            case TRANSPORT -> {
                if (reason == DeliveryFailure.Reason.FRAME_TOO_LARGE
                        && !returned.destination().isEphemeral()) {
                    throw new HyperactorException.MessageReturned(returned);
                }
            }
            case PORT_GONE -> {}
        }
    }
}
