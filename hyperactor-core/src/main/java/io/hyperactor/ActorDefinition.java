package io.hyperactor;

/// A type of actors by name, with or without parameters: what a proc is told it may spawn.
///
/// @param <M> the protocol
public sealed interface ActorDefinition<M> permits ActorType, ActorType.WithParams {
    /// The stable name.
    String name();

    /// The type with parameters that arrived from another proc.
    ///
    /// @throws RuntimeException if they are not the parameters of this type
    ActorType<M> bind(byte[] encodedParams);
}
