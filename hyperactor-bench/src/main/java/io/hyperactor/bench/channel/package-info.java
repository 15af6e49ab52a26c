/// Workloads over a Unix socket between two processes. Ours goes through a channel, with sequence
/// numbers, acknowledgements and a bounded window.
@NullMarked
package io.hyperactor.bench.channel;

import org.jspecify.annotations.NullMarked;
