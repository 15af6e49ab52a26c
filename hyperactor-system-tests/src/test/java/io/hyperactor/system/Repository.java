package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/// The files of this source tree. Maven runs tests in the folder of their module.
final class Repository {
    private Repository() {}

    static Path file(String path) {
        Path file = Path.of("..").resolve(path).toAbsolutePath().normalize();
        assertThat(file).exists();
        return file;
    }
}
