import org.jspecify.annotations.NullMarked;

/// Identities and addresses with their text forms, and the codec that turns records into bytes and
/// back.
///
/// Pure: no threads, no sockets, nothing but the JDK.
@NullMarked
module io.hyperactor.wire {
    exports io.hyperactor.wire;

    requires static transitive org.jspecify;
}
