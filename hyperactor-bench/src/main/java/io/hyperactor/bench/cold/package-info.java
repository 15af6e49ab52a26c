/// What is done once: each operation is a process of its own.
@NullMarked
package io.hyperactor.bench.cold;

import org.jspecify.annotations.NullMarked;
