/// Life and death of procs, beside a JVM with the same flags and class path that does nothing but
/// answer through a Unix socket.
@NullMarked
package io.hyperactor.bench.process;

import org.jspecify.annotations.NullMarked;
