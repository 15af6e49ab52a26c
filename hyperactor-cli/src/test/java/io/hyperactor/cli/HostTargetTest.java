package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

class HostTargetTest {
    @TempDir Path folder;

    private Path answersGoTo(String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        return target(ChannelAddress.parse("unix:" + folder.resolve("host.sock")));
    }

    private static Path target(ChannelAddress host) {
        var target = new HostTarget(host, ChannelConfig.standard(), Optional.empty());
        return target.channels().runtimeDirectory();
    }

    private static Path targetFrom(Path here, Set<PosixFilePermission> permissions) {
        try {
            var before = Files.getPosixFilePermissions(here);
            Files.setPosixFilePermissions(here, permissions);
            try {
                return target(new ChannelAddress.Unix("@host"));
            } finally {
                Files.setPosixFilePermissions(here, before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void answersGoToTheFolderOfTheHostIfThatIsPrivate() throws IOException {
        assertThat(answersGoTo("rwx------")).isEqualTo(folder);
    }

    @Test
    void theyDoNotIfItIsOpenToOthersOrMissing() throws IOException {
        Path own = ChannelConfig.standard().runtimeDirectory();
        assertThat(answersGoTo("rwxr-xr-x")).isEqualTo(own);
        assertThat(target(ChannelAddress.parse("unix:" + folder + "/none/host.sock")))
                .isEqualTo(own);
    }

    /// The working directory is the folder of no socket.
    @Test
    void theyDoNotIfTheHostsSocketIsInNoFolder() {
        Path own = ChannelConfig.standard().runtimeDirectory();
        Path here = Path.of("").toAbsolutePath();
        var permissions = PosixFilePermissions.fromString("rwx------");
        assertThat(targetFrom(here, permissions)).isEqualTo(own);
    }

    @Test
    void onANetworkTheyGoWhereTheyAlwaysDo() {
        assertThat(target(ChannelAddress.parse("tcp:127.0.0.1:4000")))
                .isEqualTo(ChannelConfig.standard().runtimeDirectory());
    }
}
