package io.hyperactor.host;

import io.hyperactor.channel.ChannelConfig;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where the sockets of a [Rehearsal] are: a folder in the runtime directory that is named after
/// the host and the process. The process removes it at the end of the rehearsal, or its host when
/// the process has ended, or the next host when that has ([SocketMark]).
final class RehearsalFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RehearsalFolder.class);
    private static final String PREFIX = "r"; // short, for the paths of sockets have to be

    private RehearsalFolder() {}

    /// @param mark that of the host
    static Path of(String mark, long pid) {
        return ChannelConfig.standard().runtimeDirectory().resolve(mark + PREFIX + pid);
    }

    /// Removes the one of a child of this process that has ended.
    static void removeOfChild(long pid) {
        var _ = remove(of(SocketMark.ofThisProcess(), pid));
    }

    /// Removes one that is there, with its sockets.
    ///
    /// @return how many files and folders that were
    static int remove(Path folder) {
        int removed = 0;
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder)) {
            for (Path socket : sockets) {
                removed += Files.deleteIfExists(socket) ? 1 : 0;
            }
            removed += Files.deleteIfExists(folder) ? 1 : 0;
        } catch (NoSuchFileException _) {
            // that is the rule
        } catch (IOException e) {
            LOG.debug("{} not removed", folder, e);
        }
        return removed;
    }
}
