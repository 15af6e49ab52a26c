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
/// the process. The process removes it at the end of the rehearsal, or its host when the process
/// has ended.
final class RehearsalFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RehearsalFolder.class);
    private static final String PREFIX = "rehearsal-";

    private RehearsalFolder() {}

    static Path of(long pid) {
        return runtimeDirectory().resolve(PREFIX + pid);
    }

    private static Path runtimeDirectory() {
        return ChannelConfig.standard().runtimeDirectory();
    }

    /// Removes the one of a process that has ended, or is done with it.
    static void remove(long pid) {
        remove(of(pid));
    }

    /// Removes those of processes that are gone, and their hosts, too.
    static void removeLeft() {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(runtimeDirectory(), PREFIX + "*")) {
            for (Path folder : left) {
                String pid = String.valueOf(folder.getFileName()).substring(PREFIX.length());
                if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    remove(folder);
                }
            }
        } catch (NoSuchFileException _) {
            // then there is nothing
        } catch (IOException | NumberFormatException e) {
            LOG.debug("what rehearsals left was not removed", e);
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder)) {
            for (Path socket : sockets) {
                Files.deleteIfExists(socket);
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException _) {
            // that is the rule
        } catch (IOException e) {
            LOG.debug("{} not removed", folder, e);
        }
    }
}
