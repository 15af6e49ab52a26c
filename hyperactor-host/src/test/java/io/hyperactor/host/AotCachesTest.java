package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// When caches are made and when they are used; with a trainer that only writes a file.
class AotCachesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path directory;
    private final List<Path> trained = new CopyOnWriteArrayList<>();
    private final List<AotCaches> opened = new ArrayList<>();
    private AotCaches.Trainer trainer =
            (jvm, cache) -> {
                trained.add(cache);
                Files.writeString(cache, "code");
            };
    private Instant now = Instant.now().plusSeconds(60); // so that files are not fresh

    @AfterEach
    void close() {
        opened.forEach(AotCaches::close);
    }

    @Test
    void aChildUsesTheCacheOfItsCommandOnceThereIsOne() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        AotCaches caches = caches();
        assertThat(caches.command(jvm)).isEqualTo(jvm.java().command());

        assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);

        assertThat(cacheOf(caches, jvm)).isPresent().get().satisfies(this::isPrivateAndComplete);
        assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(trained).hasSize(1);
    }

    private void isPrivateAndComplete(Path cache) throws IOException {
        assertThat(cache).hasContent("code");
        assertThat(permissions(cache.getParent())).isEqualTo("rwx------");
        try (var files = Files.list(cache.getParent())) {
            assertThat(files.filter(file -> file.toString().contains(".new"))).isEmpty();
        }
    }

    @Test
    void anotherProcessFindsIt() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);

        assertThat(cacheOf(caches(), jvm)).isPresent();
    }

    @Test
    void aChangedJarHasNoCacheEvenIfItsSizeAndTimeAreTheSame() throws Exception {
        Path jar = jar("a.jar", "one");
        AotCaches caches = caches();
        assertThat(caches.prepare(jvm(jar))).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(cacheOf(caches, jvm(jar))).isPresent();

        var time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "two"); // the same file, and it was remembered
        Files.setLastModifiedTime(jar, time);

        assertThat(cacheOf(caches, jvm(jar))).isEmpty();
        Files.writeString(jar, "one");
        assertThat(cacheOf(caches, jvm(jar))).isPresent();
    }

    @Test
    void aJarThatChangesWhileTheCacheIsMadeGetsNone() throws Exception {
        Path jar = jar("a.jar", "one");
        trainer =
                (jvm, cache) -> {
                    Files.writeString(cache, "code of two");
                    Files.writeString(jar, "two");
                    Files.writeString(jar, "one"); // what was in it meanwhile is in the cache
                };
        AotCaches caches = caches();

        assertThat(caches.prepare(jvm(jar))).succeedsWithin(PATIENCE).isEqualTo(false);

        assertThat(cacheOf(caches, jvm(jar))).isEmpty();
    }

    @Test
    void everyPartOfTheCommandThatMattersHasACacheOfItsOwn() throws Exception {
        Path a = jar("a.jar", "one");
        Path b = jar("b.jar", "two");
        AotCaches caches = caches();
        JavaCommand java = JavaCommand.of(getClass()).withClassPath(List.of(a, b));
        assertThat(caches.prepare(jvm(java))).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(cacheOf(caches, jvm(java.withArguments("x").withProperty("y", "z"))))
                .isPresent();

        assertThat(cacheOf(caches, jvm(java.withFlags("-Xmx64m")))).isEmpty();
        assertThat(cacheOf(caches, jvm(java.withClassPath(List.of(b, a))))).isEmpty();
        assertThat(cacheOf(caches, jvm(java.withClassPath(List.of(a))))).isEmpty();
        assertThat(
                        cacheOf(
                                caches,
                                jvm(JavaCommand.of(AotCaches.class).withClassPath(List.of(a, b)))))
                .isEmpty();
        Path moved = Files.move(a, directory.resolve("c.jar"));
        assertThat(cacheOf(caches, jvm(java.withClassPath(List.of(moved, b))))).isEmpty();
    }

    @Test
    void noCacheIsMadeOfWhatItWouldNotTellTheWholeTruthAbout() throws Exception {
        Path jar = jar("a.jar", "one");
        AotCaches caches = caches();
        JavaCommand java = JavaCommand.of(getClass()).withClassPath(List.of(jar));
        List<ChildJvm> unfit =
                List.of(
                        jvm(java.withClassPath(List.of(jar, directory))),
                        jvm(java.withClassPath(List.of(jar, directory.resolve("missing.jar")))),
                        jvm(java.withFlags("-javaagent:agent.jar")),
                        jvm(java.withFlags("--patch-module", "java.base=x")),
                        jvm(java.withFlags("@flags")),
                        jvm(java.withoutAotCache()),
                        new ChildJvm(
                                java, Map.of("JAVA_TOOL_OPTIONS", "-verbose"), Optional.empty()));

        for (ChildJvm jvm : unfit) {
            assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
            assertThat(caches.command(jvm)).isEqualTo(jvm.java().command());
        }

        assertThat(trained).isEmpty();
        assertThat(caches.prepare(jvm(java))).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void aTrainingThatFailsIsRepeatedAfterAnHourOnly() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        AotCaches.Trainer good = trainer;
        trainer =
                (failing, cache) -> {
                    Files.writeString(cache, "half");
                    Files.writeString(Path.of(cache + ".config"), "left by the JVM");
                    throw new IOException("no space left");
                };
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        trainer = good;

        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.toString().contains(".new"))).isEmpty();
        }

        now = now.plus(AotFolder.RETRY_AFTER).plusSeconds(60);
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void oneTrainingAtATimeForACommand() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        var training = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        AotCaches.Trainer quick = trainer;
        trainer =
                (slow, cache) -> {
                    training.countDown();
                    over.await();
                    quick.train(slow, cache);
                };
        CompletableFuture<Boolean> first = caches().prepare(jvm);
        training.await();

        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);

        over.countDown();
        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(trained).hasSize(1);
    }

    @Test
    void closingEndsATrainingAndLeavesNothingOfIt() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        var training = new CountDownLatch(1);
        AotCaches.Trainer quick = trainer;
        trainer =
                (slow, cache) -> {
                    Files.writeString(cache, "half");
                    training.countDown();
                    new CountDownLatch(1).await();
                };
        AotCaches caches = caches();
        CompletableFuture<Boolean> made = caches.prepare(jvm);
        training.await();

        caches.close();

        assertThat(made).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.toString().contains(".new"))).isEmpty();
        }
        trainer = quick;
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void whatWaitsForItsTrainingIsSettledByTheClose() throws Exception {
        var training = new CountDownLatch(1);
        trainer =
                (_, _) -> {
                    training.countDown();
                    new CountDownLatch(1).await();
                };
        AotCaches caches = caches();
        CompletableFuture<Boolean> first = caches.prepare(jvm(jar("a.jar", "one")));
        training.await();
        CompletableFuture<Boolean> second = caches.prepare(jvm(jar("b.jar", "two")));

        caches.close();

        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(second).succeedsWithin(PATIENCE).isEqualTo(false);
    }

    @Test
    void aTrainingThatBreaksDownSettlesIt() throws Exception {
        trainer =
                (_, _) -> {
                    throw new NoClassDefFoundError("planned");
                };
        assertThat(caches().prepare(jvm(jar("a.jar", "one"))))
                .succeedsWithin(PATIENCE)
                .isEqualTo(false);
    }

    @Test
    void whatAHostLeftThatWasKilledMeanwhileGoesWithTheNextTraining() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        AotCaches.Trainer quick = trainer;
        List<Path> left = new ArrayList<>();
        trainer =
                (slow, cache) -> {
                    String name = cache.getFileName().toString();
                    String own = "-" + ProcessHandle.current().pid() + ".new";
                    for (String other : List.of("-1.new", "-1.new.config")) {
                        Path of = cache.resolveSibling(name.replace(own, other));
                        left.add(Files.writeString(of, "half"));
                    }
                    throw new IOException("planned");
                };
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(left).hasSize(2).allMatch(Files::exists);

        trainer = quick;
        now = now.plus(AotFolder.RETRY_AFTER).plusSeconds(1);
        assertThat(caches().prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(left).noneMatch(Files::exists);
    }

    @Test
    void withoutAPlaceForThemChildrenStartWithout() throws Exception {
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        var caches = new AotCaches(List.of(open), () -> now, trainer);
        opened.add(caches);

        assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(caches.command(jvm)).isEqualTo(jvm.java().command());
        assertThat(trained).isEmpty();
    }

    @Test
    void belowAFolderThatItsGroupMayWriteToThereAreNone() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxr-x"));
        ChildJvm jvm = jvm(jar("a.jar", "one"));
        var caches = new AotCaches(List.of(shared.resolve("own")), () -> now, trainer);
        opened.add(caches);
        assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(trained).isEmpty();
    }

    @Test
    void oldCachesGoAndTheLatestUsedStay() throws Exception {
        AotCaches caches = caches();
        List<ChildJvm> jvms = new ArrayList<>();
        for (int i = 0; i <= AotFolder.CACHES_MAX; i++) {
            ChildJvm jvm = jvm(jar(i + ".jar", "code " + i));
            jvms.add(jvm);
            assertThat(caches.prepare(jvm)).succeedsWithin(PATIENCE).isEqualTo(true);
            now = now.plusSeconds(60);
            assertThat(cacheOf(caches(), jvms.getFirst())).isPresent(); // used each time
        }

        assertThat(jvms.stream().map(jvm -> cacheOf(caches(), jvm).isPresent()).toList())
                .startsWith(true, false, true)
                .doesNotContainSequence(false, true, false);

        now = now.plus(AotFolder.AGE_MAX).plusSeconds(60);
        assertThat(caches.prepare(jvm(jar("new.jar", "new")))).succeedsWithin(PATIENCE);
        assertThat(cacheOf(caches(), jvms.getFirst())).isEmpty();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private AotCaches caches() {
        InstantSource clock = () -> now;
        var caches =
                new AotCaches(List.of(directory.resolve("caches").resolve("aot")), clock, trainer);
        opened.add(caches);
        return caches;
    }

    private Path jar(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private ChildJvm jvm(Path jar) {
        return jvm(JavaCommand.of(getClass()).withClassPath(List.of(jar)));
    }

    private static ChildJvm jvm(JavaCommand java) {
        return new ChildJvm(java, Map.of(), Optional.empty());
    }

    private static Optional<Path> cacheOf(AotCaches caches, ChildJvm jvm) {
        return caches.command(jvm).stream()
                .filter(argument -> argument.startsWith("-XX:AOTCache="))
                .map(argument -> Path.of(argument.substring("-XX:AOTCache=".length())))
                .findFirst();
    }
}
