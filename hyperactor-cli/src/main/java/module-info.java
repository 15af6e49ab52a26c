import org.jspecify.annotations.NullMarked;

/// The command line.
@NullMarked
module io.hyperactor.cli {
    requires io.hyperactor.host;
    requires org.apache.commons.cli;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires static org.jspecify;

    // so that codecs can be derived for the messages of the demo's own actors
    opens io.hyperactor.cli to
            io.hyperactor.wire;
}
