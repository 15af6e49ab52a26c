import org.jspecify.annotations.NullMarked;

/// Hosts: processes that launch procs, supervise them, and are the one address they are reached at.
@NullMarked
module io.hyperactor.host {
    requires transitive io.hyperactor;
    requires transitive org.slf4j; // StderrLogs is one of its providers
    requires jdk.jfr;
    requires static org.jspecify;

    exports io.hyperactor.host;

    // so that codecs can be derived for the callback of a child
    opens io.hyperactor.host to
            io.hyperactor.wire;
}
