import org.jspecify.annotations.NullMarked;

/// Small programs that show how to use it; `examples/run` runs them.
@NullMarked
module io.hyperactor.examples {
    requires io.hyperactor.host;
    requires static org.jspecify;

    // so that codecs can be derived for what is not public
    opens io.hyperactor.examples to
            io.hyperactor.wire;
}
