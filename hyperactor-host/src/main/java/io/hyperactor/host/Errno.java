package io.hyperactor.host;

import java.util.Map;

/// Error numbers of the Linux kernel that launching may meet, and their text.
final class Errno {
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;

    private static final Map<Integer, String> TEXTS =
            Map.ofEntries(
                    Map.entry(1, "EPERM (not permitted)"),
                    Map.entry(ENOENT, "ENOENT (no such file or directory)"),
                    Map.entry(ESRCH, "ESRCH (no such process)"),
                    Map.entry(EINTR, "EINTR (interrupted)"),
                    Map.entry(5, "EIO (input or output failed)"),
                    Map.entry(7, "E2BIG (arguments and environment are too long)"),
                    Map.entry(8, "ENOEXEC (not a program)"),
                    Map.entry(9, "EBADF (bad file descriptor)"),
                    Map.entry(ECHILD, "ECHILD (not a child of this process)"),
                    Map.entry(EAGAIN, "EAGAIN (no more processes allowed right now)"),
                    Map.entry(ENOMEM, "ENOMEM (out of memory)"),
                    Map.entry(EACCES, "EACCES (permission denied)"),
                    Map.entry(ENODEV, "ENODEV (no such device)"),
                    Map.entry(20, "ENOTDIR (not a directory)"),
                    Map.entry(21, "EISDIR (is a directory)"),
                    Map.entry(EINVAL, "EINVAL (invalid argument)"),
                    Map.entry(ENFILE, "ENFILE (no more open files in the system)"),
                    Map.entry(EMFILE, "EMFILE (no more open files in this process)"),
                    Map.entry(26, "ETXTBSY (the program is open for writing)"),
                    Map.entry(28, "ENOSPC (no space or watch left)"),
                    Map.entry(36, "ENAMETOOLONG (file name too long)"),
                    Map.entry(38, "ENOSYS (not supported by this kernel)"),
                    Map.entry(40, "ELOOP (too many symbolic links)"));

    private Errno() {}

    /// Whether it is for want of something that may be there later.
    static boolean isLack(int errno) {
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    }

    /// The symbolic name with a few words, for example `ENOENT (no such file or directory)`.
    static String text(int errno) {
        return TEXTS.getOrDefault(errno, "error number " + errno);
    }
}
