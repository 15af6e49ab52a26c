import org.jspecify.annotations.NullMarked;

/// The host: owns the procs of a machine, launches each in an operating system process of its own,
/// and is the one address under which they are all reached.
@NullMarked
module io.hyperactor.host {
    requires transitive io.hyperactor;
    requires org.slf4j;
    requires static org.jspecify;
}
