/// Workloads between actors in two processes. Payload bytes include the number that every message
/// has, and no framing.
@NullMarked
package io.hyperactor.bench.remote;

import org.jspecify.annotations.NullMarked;
