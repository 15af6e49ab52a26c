package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class InputFilesTest {
    @TempDir Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "text");
    }

    @Test
    void filesComeFromAllDepthsHiddenOnesToo() throws Exception {
        Path shallow = file("a");
        Path deep = file("b/c/.d");
        InputFiles found = InputFiles.find(List.of(folder));
        assertThat(found.files()).containsExactlyInAnyOrder(shallow, deep);
        assertThat(found.bytes()).isEqualTo(8);
    }

    @Test
    void linksBelowAFolderAreNotFollowed() throws Exception {
        Path real = file("a/real");
        Files.createSymbolicLink(folder.resolve("a/link"), real);
        Files.createSymbolicLink(folder.resolve("a/loop"), folder);
        assertThat(InputFiles.find(List.of(folder)).files()).containsExactly(real);
    }

    @Test
    void aLinkThatIsNamedIsFollowed() throws Exception {
        Path real = file("a/real");
        Path toFile = Files.createSymbolicLink(folder.resolve("file"), real);
        Path toFolder = Files.createSymbolicLink(folder.resolve("folder"), folder.resolve("a"));
        assertThat(InputFiles.find(List.of(toFile, toFolder)).files())
                .containsExactly(toFile, real.toRealPath());
    }

    @Test
    void aFileNamedTwiceCountsTwice() throws Exception {
        Path file = file("a");
        assertThat(InputFiles.find(List.of(file, file)).files()).containsExactly(file, file);
    }

    @Test
    void anInterruptEndsTheSearch() throws Exception {
        file("a");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> InputFiles.find(List.of(folder)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatIsNeitherFileNorFolderIsRefused() {
        assertThatThrownBy(() -> InputFiles.find(List.of(Path.of("/dev/null"))))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("cannot read /dev/null: neither file nor folder");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> InputFiles.find(List.of(missing)))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("cannot read " + missing + ": no such file or folder");
    }
}
