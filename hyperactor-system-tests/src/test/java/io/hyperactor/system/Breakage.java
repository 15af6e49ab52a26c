package io.hyperactor.system;

import java.nio.ByteBuffer;
import java.util.List;

/// What a handler can do to itself and to its JVM.
enum Breakage {
    HEAP {
        @Override
        void happen() {
            Object taken = name();
            while (true) {
                taken = List.of(taken, new byte[1 << 20]);
            }
        }
    },
    ARRAY {
        @Override
        void happen() {
            throw new IllegalStateException("got " + new long[Integer.MAX_VALUE].length);
        }
    },
    DIRECT_MEMORY {
        @Override
        void happen() {
            throw new IllegalStateException("got " + ByteBuffer.allocateDirect(1 << 30));
        }
    },
    THREAD {
        @Override
        void happen() {
            new Thread(null, () -> {}, "has a stack of 64 TiB", 1L << 46).start();
        }
    },
    STACK {
        @Override
        void happen() {
            throw new IllegalStateException("got " + depth(0));
        }

        private int depth(int from) {
            return from < 0 ? 0 : 1 + depth(from + 1);
        }
    },
    LINKAGE {
        @Override
        void happen() {
            throw new NoClassDefFoundError("as asked");
        }
    },
    CLASS_NOT_FOUND {
        @Override
        void happen() throws ClassNotFoundException {
            throw new ClassNotFoundException("as asked");
        }
    },
    HOSTILE_TEXT {
        @Override
        void happen() {
            throw new HostileException();
        }
    };

    /// Ends the JVM, or throws something.
    abstract void happen() throws Exception;

    /// Whether the proc must end by it; else its actor alone does.
    boolean isLackOfMemory() {
        return switch (this) {
            case HEAP, ARRAY, DIRECT_MEMORY, THREAD -> true;
            case STACK, LINKAGE, CLASS_NOT_FOUND, HOSTILE_TEXT -> false;
        };
    }

    private static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }
}
