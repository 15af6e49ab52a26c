/// Workloads inside one process. On both sides a message is a record that is made for each tell,
/// dispatchers and mailboxes are the default ones, and each figure comes from the same loop.
@NullMarked
package io.hyperactor.bench.local;

import org.jspecify.annotations.NullMarked;
