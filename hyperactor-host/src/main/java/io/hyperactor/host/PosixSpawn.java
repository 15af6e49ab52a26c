package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts a program the way a child of ours starts: leader of a new session and thus of a new
/// process group, every signal at its default and none blocked, nothing open but descriptors 0 to
/// 2, and 3 if it has a control pipe.
///
/// It borrows this process's memory until the program runs, so it takes the same time however large
/// this process is.
///
/// **Threads:** any; blocks until the program runs or cannot.
final class PosixSpawn {
    /// Descriptors for the child must have numbers from here on, for they are moved to lower ones
    /// in turn.
    static final int FIRST_UNUSED = 4;

    /// In place of a descriptor: `/dev/null`, or for the control pipe none at all.
    static final int NULL = -1;

    /// The number of the control pipe in a child.
    static final int CONTROL = 3;

    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int O_RDWR = 2;

    // More than any C library takes for posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t.
    private static final int ATTRIBUTES_BYTES = 1024;
    private static final int ACTIONS_BYTES = 512;
    private static final int SIGNALS_BYTES = 128;

    private final MemorySegment spawn = Native.function("posix_spawn");
    private final MemorySegment attributesInit = Native.function("posix_spawnattr_init");
    private final MemorySegment attributesDestroy = Native.function("posix_spawnattr_destroy");
    private final MemorySegment setFlags = Native.function("posix_spawnattr_setflags");
    private final MemorySegment setDefaults = Native.function("posix_spawnattr_setsigdefault");
    private final MemorySegment fillSignals = Native.function("sigfillset");
    private final MemorySegment actionsInit = action("init");
    private final MemorySegment actionsDestroy = action("destroy");
    private final MemorySegment addOpen = action("addopen");
    private final MemorySegment addDuplicate = action("adddup2");
    private final MemorySegment addClose = action("addclose");
    private final MemorySegment addDirectory = action("addchdir_np");
    private final Optional<MemorySegment> addCloseFrom;

    PosixSpawn() {
        this(Native.optionalFunction("posix_spawn_file_actions_addclosefrom_np"));
    }

    /// @param addCloseFrom the function that closes all descriptors from one on, which older C
    ///   libraries lack
    PosixSpawn(Optional<MemorySegment> addCloseFrom) {
        this.addCloseFrom = addCloseFrom;
    }

    /// What the child has open, each [#NULL] or from [#FIRST_UNUSED] on.
    record Descriptors(int stdin, int stdout, int stderr, int control) {
        static Descriptors onlyInput(int stdin) {
            return new Descriptors(stdin, NULL, NULL, NULL);
        }
    }

    /// Starts `command`, whose first element is the path of the program.
    ///
    /// @return the id of the process
    /// @throws IOException if it could not be started
    int spawn(
            List<String> command,
            Map<String, String> environment,
            Optional<Path> directory,
            Descriptors descriptors)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 16);
            MemorySegment actions = arena.allocate(ACTIONS_BYTES, 16);
            call(attributesInit, attributes.address());
            try {
                call(actionsInit, actions.address());
                try {
                    fillAttributes(attributes, arena);
                    fillActions(actions, directory, descriptors, arena);
                    return run(command, environment, attributes, actions, arena);
                } finally {
                    call(actionsDestroy, actions.address());
                }
            } finally {
                call(attributesDestroy, attributes.address());
            }
        }
    }

    private int run(
            List<String> command,
            Map<String, String> environment,
            MemorySegment attributes,
            MemorySegment actions,
            Arena arena)
            throws IOException {
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment arguments = strings(arena, command);
        List<String> variables =
                environment.entrySet().stream().map(v -> v.getKey() + "=" + v.getValue()).toList();
        call(
                spawn,
                pid.address(),
                arguments.get(ValueLayout.JAVA_LONG, 0),
                actions.address(),
                attributes.address(),
                arguments.address(),
                strings(arena, variables).address());
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    private void fillAttributes(MemorySegment attributes, Arena arena) throws IOException {
        MemorySegment all = arena.allocate(SIGNALS_BYTES, 8);
        Native.call(fillSignals, all.address());
        call(setFlags, attributes.address(), SETSIGDEF | SETSIGMASK | SETSID); // the mask is empty
        call(setDefaults, attributes.address(), all.address());
    }

    private void fillActions(
            MemorySegment actions, Optional<Path> directory, Descriptors child, Arena arena)
            throws IOException {
        long to = actions.address();
        if (directory.isPresent()) {
            MemorySegment path = Native.string(arena, directory.get().toString());
            call(addDirectory, to, path.address());
        }
        addStandard(to, child.stdin(), 0, arena);
        addStandard(to, child.stdout(), 1, arena);
        addStandard(to, child.stderr(), 2, arena);
        int firstToClose = CONTROL;
        if (child.control() != NULL) {
            call(addDuplicate, to, child.control(), CONTROL);
            firstToClose = CONTROL + 1;
        }
        if (addCloseFrom.isPresent()) {
            call(addCloseFrom.get(), to, firstToClose);
        } else {
            closeWhatIsOpenNow(to, firstToClose);
        }
    }

    private void addStandard(long actions, int from, int number, Arena arena) throws IOException {
        if (from == NULL) {
            long path = Native.string(arena, "/dev/null").address();
            call(addOpen, actions, number, path, O_RDWR, 0);
        } else {
            call(addDuplicate, actions, from, number);
        }
    }

    /// Misses what another thread opens from here to the start of the program without `O_CLOEXEC`.
    private void closeWhatIsOpenNow(long actions, int first) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path path : open) {
                int fd = Integer.parseInt(path.getFileName().toString());
                if (fd >= first) {
                    call(addClose, actions, fd);
                }
            }
        }
    }

    /// A null-terminated array of C strings.
    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            long address = Native.string(arena, texts.get(i)).address();
            array.setAtIndex(ValueLayout.JAVA_LONG, i, address);
        }
        return array;
    }

    /// These functions return the error number itself.
    private static void call(MemorySegment function, long... arguments) throws IOException {
        Native.check(-Native.call(function, arguments), "posix_spawn");
    }

    private static MemorySegment action(String name) {
        return Native.function("posix_spawn_file_actions_" + name);
    }
}
