package io.hyperactor.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/// Calls C functions whose arguments are integers and pointers, at most six, and whose result is an
/// integer.
///
/// All go through one handle that takes six longs. A handle for each shape of function takes 5 ms
/// to link, and a host needs a dozen of them before its first child. It works because x86-64,
/// AArch64 and 64-bit RISC-V pass an `int`, a pointer and a `long` in the same registers, declared
/// or variadic, and the called function looks only at those and at that part of them it declares.
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final int ARGUMENTS_MAX = 6;

    @SuppressWarnings("restricted") // that is what this class is for
    private static final MethodHandle CALL =
            LINKER.downcallHandle(
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    /// What the JVM itself uses for arguments and file names.
    private static final Charset PLATFORM =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Native() {}

    /// The function `name` of the C library.
    ///
    /// @throws UnsupportedOperationException if it has none
    static MemorySegment function(String name) {
        return optionalFunction(name)
                .orElseThrow(() ->
                        new UnsupportedOperationException("no " + name + " in the C library"));
    }

    /// The function `name` of the C library, if it has one.
    static Optional<MemorySegment> optionalFunction(String name) {
        return LINKER.defaultLookup().find(name);
    }

    /// Calls `function`. What `arguments` point to must stay alive meanwhile.
    ///
    /// @return the low 32 bits of what it returned, or minus the error number if those were
    ///   negative
    static int call(MemorySegment function, long... arguments) {
        long[] a = Arrays.copyOf(arguments, ARGUMENTS_MAX);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result =
                    (int)
                            (long)
                                    CALL.invokeExact(
                                            function, state, a[0], a[1], a[2], a[3], a[4], a[5]);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a C function throws nothing
        }
    }

    /// Passes on what a call returned.
    ///
    /// @param result of the call: minus the error number if it failed
    /// @throws IOException if it failed, with `what` and the name of the error
    static int check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Errno.text(-result));
        }
        return result;
    }

    /// `text` in the encoding of this JVM's platform, with a NUL at its end.
    static MemorySegment string(Arena arena, String text) {
        byte[] bytes = text.getBytes(PLATFORM);
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, Arrays.copyOf(bytes, bytes.length + 1));
    }
}
