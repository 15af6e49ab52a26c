package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

@EnabledOnOs(OS.LINUX)
class SocketMarkTest {
    @TempDir Path directory;

    private static ProcessIdentity dead() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();
        return new ProcessIdentity(self.pid(), 1, self.pidNamespace());
    }

    @Test
    void theNameOfASocketTellsWhoseItIs() throws IOException {
        String mark = SocketMark.ofThisProcess();

        assertThat(SocketMark.whose(mark + "c95inw1i9ikx")).contains(ProcessIdentity.self());
        assertThat(mark).matches("[0-9a-z-]{5,23}\\.");
    }

    @Test
    void otherNamesTellNothing() {
        assertThat(SocketMark.whose("c95inw1i9ikx")).isEmpty();
        assertThat(SocketMark.whose("host.sock")).isEmpty();
        assertThat(SocketMark.whose("1-2-3.")).isEmpty();
        assertThat(SocketMark.whose("1-2.x")).isEmpty();
        assertThat(SocketMark.whose("zzzzzzzzzzzzz-2-3.x")).isEmpty();
    }

    @Test
    void whatADeadHostLeftIsRemovedAtOnceAndNothingElse() throws IOException {
        Path socket = Files.createFile(directory.resolve(SocketMark.of(dead()) + "socket"));
        Path rehearsal = Files.createDirectory(directory.resolve(SocketMark.of(dead()) + "r17"));
        Files.createFile(rehearsal.resolve("socket"));
        Path alive = Files.createFile(directory.resolve(SocketMark.ofThisProcess() + "socket"));
        Path nobodys = Files.createFile(directory.resolve("c95inw1i9ikx"));

        assertThat(SocketMark.removeLeft(directory)).isEqualTo(3);

        assertThat(socket).doesNotExist();
        assertThat(rehearsal).doesNotExist();
        assertThat(alive).exists();
        assertThat(nobodys).exists();
    }

    @Test
    void thereIsNothingToRemoveWhereNobodyServedAnything() {
        assertThat(SocketMark.removeLeft(directory.resolve("missing"))).isZero();
    }
}
