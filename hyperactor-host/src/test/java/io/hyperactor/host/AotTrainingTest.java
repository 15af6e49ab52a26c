package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What the JVM at hand does with AOT caches.
class AotTrainingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ClassDesc PRINTER = ClassDesc.of("Printer");

    @TempDir private Path directory;
    private final ProcLauncher launcher = ProcLauncher.forThisPlatform(OutputListener.NONE);
    private final AotTraining training = new AotTraining(() -> launcher);

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void afterAJarWasReplacedByOneOfTheSameSizeAndTimeItsNewCodeRuns() throws Exception {
        Path jar = printer("one");
        var time = Files.getLastModifiedTime(jar);
        long size = Files.size(jar);
        try (var caches = new AotCaches(folder(), InstantSource.system(), training)) {
            ChildJvm jvm = jvm(jar);
            assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
            assertThat(caches.command(jvm)).anyMatch(flag -> flag.startsWith("-XX:AOTCache="));
            assertThat(output(caches.command(jvm))).isEqualTo("one");

            Files.move(printer("two"), jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(jar, time);

            assertThat(jar).hasSize(size);
            assertThat(output(caches.command(jvm))).isEqualTo("two");
        }
    }

    @Test
    void aJvmThatCannotEvenStartWritesNone() throws Exception {
        Path cache = directory.resolve("cache");
        ChildJvm jvm = jvm(printer("one"));

        assertThatThrownBy(() -> training.train(jvm.withFlags("-XX:NoSuchFlag"), cache))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1");

        assertThat(cache).doesNotExist();
    }

    @Test
    void aCacheThatWasCutOffIsNotedBeforeItIsUsed() throws Exception {
        Path cache = directory.resolve("cache");
        ChildJvm jvm = jvm(printer("one"));
        training.train(jvm, cache);
        training.check(jvm, cache);
        byte[] whole = Files.readAllBytes(cache);
        whole[whole.length / 2] ^= 1;
        Files.write(cache, whole);

        assertThatThrownBy(() -> training.check(jvm, cache)).isInstanceOf(IOException.class);
        assertThat(output(jvm.withFlags("-XX:AOTCache=" + directory).java().command()))
                .isEqualTo("one"); // no cache at all harms nobody
    }

    private List<Path> folder() {
        return List.of(directory.resolve("aot"));
    }

    private static ChildJvm jvm(Path jar) {
        JavaCommand java =
                new JavaCommand(
                        JavaCommand.FLAGS,
                        List.of(jar.toString()),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        "Printer",
                        List.of());
        return new ChildJvm(java, Map.of("PATH", "/usr/bin:/bin"), Optional.empty());
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /// A jar whose size does not depend on a text of three letters.
    private Path printer(String text) throws IOException {
        byte[] code =
                ClassFile.of()
                        .build(
                                PRINTER,
                                type ->
                                        type.withMethodBody(
                                                "main",
                                                MethodTypeDesc.of(
                                                        ConstantDescs.CD_void,
                                                        ConstantDescs.CD_String.arrayType()),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                body ->
                                                        body.getstatic(
                                                                        ClassDesc.of(
                                                                                "java.lang.System"),
                                                                        "out",
                                                                        ClassDesc.of(
                                                                                "java.io.PrintStream"))
                                                                .ldc(text)
                                                                .invokevirtual(
                                                                        ClassDesc.of(
                                                                                "java.io.PrintStream"),
                                                                        "print",
                                                                        MethodTypeDesc.of(
                                                                                ConstantDescs
                                                                                        .CD_void,
                                                                                ConstantDescs
                                                                                        .CD_String))
                                                                .return_()));
        Path jar = Files.createTempFile(directory, "printer", ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry("Printer.class");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(code.length);
            var crc = new CRC32();
            crc.update(code);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(code);
        }
        return jar;
    }
}
