package io.hyperactor.wire;

import java.lang.reflect.Type;
import java.util.List;

/// Makes the codec of a type that cannot be derived, such as a reference to an actor.
@FunctionalInterface
public interface CodecFactory {

    /// Makes the codec for one use of the type. Called while a type that contains it is being
    /// derived.
    ///
    /// A codec that needs `codecs` for its arguments asks when it is first used, not here: the type
    /// around it is not finished, and may be its own argument.
    ///
    /// @param typeArguments what the type was given, none for a type without parameters; a [Class]
    ///   or a [java.lang.reflect.ParameterizedType] of such
    /// @param codecs what the type is being derived with
    Codec<?> create(List<Type> typeArguments, Codecs codecs);
}
