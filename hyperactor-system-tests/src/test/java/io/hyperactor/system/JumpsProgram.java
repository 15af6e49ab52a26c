package io.hyperactor.system;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Prints by how many milliseconds the wall clock of its process jumped at most, in a second.
final class JumpsProgram {
    static final String JUMPED = "jumped ";

    private static final long LOOK_NANOS = 1_000_000;

    private JumpsProgram() {}

    /// Takes no arguments.
    public static void main(String[] args) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        long most = 0;
        long before = System.currentTimeMillis();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = System.currentTimeMillis();
            most = Math.max(most, Math.abs(now - before));
            before = now;
        }
        System.out.println(JUMPED + most);
    }
}
