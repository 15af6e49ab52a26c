import org.jspecify.annotations.NullMarked;

/// Actors: their refs, ports, mailboxes and supervision, the proc they run in, and the senders and
/// routers through which procs reach each other.
@NullMarked
module io.hyperactor {
    requires transitive io.hyperactor.channel;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.hyperactor;

    // so that codecs can be derived for the runtime's own records
    opens io.hyperactor to
            io.hyperactor.wire;
}
