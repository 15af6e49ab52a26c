import org.jspecify.annotations.NullMarked;

/// Links between addresses: in process, over unix sockets, over TCP and over TLS.
///
/// A link carries frames of opaque bytes, in order, and says which of them surely did not arrive.
@NullMarked
module io.hyperactor.channel {
    requires transitive io.hyperactor.wire;
    requires static transitive org.jspecify;
    requires jdk.net;

    exports io.hyperactor.channel;
}
