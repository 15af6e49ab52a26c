/// Parts of the runtime alone, measured by JMH. The benchmarks themselves lie in the packages of
/// what they measure, as that is nobody else's to see.
@NullMarked
package io.hyperactor.bench.micro;

import org.jspecify.annotations.NullMarked;
