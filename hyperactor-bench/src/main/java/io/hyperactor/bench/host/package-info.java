/// Workloads through a host: client, host and proc are three processes.
@NullMarked
package io.hyperactor.bench.host;

import org.jspecify.annotations.NullMarked;
