/// Measures this runtime beside its peers in one run: for each workload, ours and the peer's take
/// turns in processes of their own. Start at [io.hyperactor.bench.Bench].
@NullMarked
package io.hyperactor.bench;

import org.jspecify.annotations.NullMarked;
