import org.jspecify.annotations.NullMarked;

/// Actors: their refs, ports, mailboxes and supervision, the proc they run in, and the gateway
/// through which procs are reached.
@NullMarked
module io.hyperactor {
    requires transitive io.hyperactor.channel;
    requires org.slf4j;
    requires static org.jspecify;
}
