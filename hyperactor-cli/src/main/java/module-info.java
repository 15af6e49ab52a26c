import org.jspecify.annotations.NullMarked;

/// The command line.
@NullMarked
module io.hyperactor.cli {
    requires io.hyperactor.host;
    requires info.picocli;
    requires static org.jspecify;
}
