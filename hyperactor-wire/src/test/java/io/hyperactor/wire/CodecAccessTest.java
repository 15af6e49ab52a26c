package io.hyperactor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

class CodecAccessTest {

    private static final Path WIRE = wire();

    @TempDir private Path dir;

    private static Path wire() {
        try {
            return Path.of(
                    Codecs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T roundTrip(Class<T> type, T value) {
        var messages = Codecs.standard().type(type);
        var out = new WireWriter(16);
        messages.write(out, value);
        return messages.readFully(new WireReader(out.toByteArray()));
    }

    public record Public(int a, String b) {}

    record PackagePrivate(int a, String b) {}

    private record Private(int a, Inner inner) {
        private record Inner(String text) {}
    }

    private sealed interface Hidden {
        record Arm(Private value) implements Hidden {}
    }

    public record Mixed(PackagePrivate value) {}

    @Test
    void publicPackagePrivateAndPrivateRecordsHaveCodecs() {
        record Local(long a) {}

        assertThat(roundTrip(Public.class, new Public(1, "x"))).isEqualTo(new Public(1, "x"));
        assertThat(roundTrip(PackagePrivate.class, new PackagePrivate(1, "x")))
                .isEqualTo(new PackagePrivate(1, "x"));
        var hidden = new Hidden.Arm(new Private(1, new Private.Inner("x")));
        assertThat(roundTrip(Hidden.class, hidden)).isEqualTo(hidden);
        var mixed = new Mixed(new PackagePrivate(1, "x"));
        assertThat(roundTrip(Mixed.class, mixed)).isEqualTo(mixed);
        assertThat(roundTrip(Local.class, new Local(5))).isEqualTo(new Local(5));
    }

    /// A program that sends a value of a type to itself.
    private static final String APP =
            """
            package app;
            import io.hyperactor.wire.*;
            import java.util.function.Function;
            public final class App implements Function<String, String> {
                public String apply(String typeName) {
                    try {
                        return roundTrip(Class.forName(typeName, true, App.class.getClassLoader()));
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError("reflection", e);
                    }
                }
                private static <T> String roundTrip(Class<T> type) throws ReflectiveOperationException {
                    var make = type.getDeclaredMethod("sample");
                    make.setAccessible(true);
                    MessageType<T> messages = Codecs.standard().type(type);
                    var out = new WireWriter(16);
                    messages.write(out, type.cast(make.invoke(null)));
                    return messages.readFully(new WireReader(out.toByteArray())).toString();
                }
            }
            """;

    private static String record(String access, String packageName, String name) {
        return "package %s; %s record %s(int a, String b) { static %s sample() { return new %s(1, \"x\"); } }"
                .formatted(packageName, access, name, name, name);
    }

    private record Source(String path, String text) {}

    private static final class SourceFile extends SimpleJavaFileObject {
        private final String text;

        SourceFile(Source source) {
            super(URI.create("string:///" + source.path()), Kind.SOURCE);
            this.text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private void compile(List<String> options, Source... sources) {
        var files = new ArrayList<SourceFile>();
        for (var source : sources) {
            files.add(new SourceFile(source));
        }
        var all = new ArrayList<>(List.of("-d", dir.toString(), "-proc:none"));
        all.addAll(options);
        var task = ToolProvider.getSystemJavaCompiler().getTask(null, null, null, all, null, files);
        assertThat(task.call()).isTrue();
    }

    /// The program in a module of its own, beside this library as the module that it is.
    @SuppressWarnings("unchecked") // it is what APP says
    private Function<String, String> modularApp(String moduleInfo, Source... records)
            throws ReflectiveOperationException {
        var sources = new ArrayList<>(List.of(records));
        sources.add(new Source("module-info.java", moduleInfo));
        sources.add(new Source("app/App.java", APP));
        compile(List.of("--module-path", modulePath()), sources.toArray(new Source[0]));
        var boot = ModuleLayer.boot();
        var configuration =
                boot.configuration()
                        .resolve(ModuleFinder.of(WIRE, dir), ModuleFinder.of(), Set.of("the.app"));
        var layer =
                boot.defineModulesWithOneLoader(
                        configuration, ClassLoader.getPlatformClassLoader());
        var app = layer.findLoader("the.app").loadClass("app.App");
        assertThat(app.getModule().isNamed()).isTrue();
        return (Function<String, String>) app.getDeclaredConstructor().newInstance();
    }

    private static String modulePath() {
        var annotations = org.jspecify.annotations.NullMarked.class;
        var jar = annotations.getProtectionDomain().getCodeSource().getLocation().getPath();
        return WIRE + java.io.File.pathSeparator + jar;
    }

    @Test
    void inAModuleARecordMustBePublicAndExportedOrItsPackageOpen() throws Exception {
        var app =
                modularApp(
                        "module the.app { requires io.hyperactor.wire; exports app; exports shown;"
                                + " opens opened to io.hyperactor.wire; }",
                        new Source("shown/Shown.java", record("public", "shown", "Shown")),
                        new Source("shown/NotPublic.java", record("", "shown", "NotPublic")),
                        new Source("opened/Opened.java", record("", "opened", "Opened")),
                        new Source("opened/Second.java", record("", "opened", "Second")),
                        new Source(
                                "opened/Nest.java",
                                "package opened; class Nest { private "
                                        + record("", "opened", "Deep")
                                                .substring("package opened; ".length())
                                        + " }"),
                        new Source("closed/Closed.java", record("public", "closed", "Closed")));

        assertThat(app.apply("shown.Shown")).isEqualTo("Shown[a=1, b=x]");
        assertThat(app.apply("opened.Opened")).isEqualTo("Opened[a=1, b=x]");
        assertThat(app.apply("opened.Second")).isEqualTo("Second[a=1, b=x]");
        assertThat(app.apply("opened.Nest$Deep")).isEqualTo("Deep[a=1, b=x]");
        assertThatRefused(app, "closed.Closed", "Closed: ", "opens closed to io.hyperactor.wire;");
        assertThatRefused(
                app, "shown.NotPublic", "NotPublic: ", "opens shown to io.hyperactor.wire;");
    }

    private static void assertThatRefused(
            Function<String, String> app, String type, String path, String advice) {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> app.apply(type))
                .withMessageStartingWith(path)
                .withMessageContaining("add '" + advice + "' to module the.app")
                // Its class is of the other copy of this library.
                .satisfies(e ->
                        assertThat(e.getClass().getName()).endsWith(".UnsupportedTypeException"));
    }

    @Test
    void anOpenModuleNeedsNothingMore() throws Exception {
        var app =
                modularApp(
                        "open module the.app { requires io.hyperactor.wire; }",
                        new Source("inner/Inner.java", record("", "inner", "Inner")));

        assertThat(app.apply("inner.Inner")).isEqualTo("Inner[a=1, b=x]");
    }

    @Test
    @SuppressWarnings("unchecked") // it is what APP says
    void recordsOfAnotherClassLoaderHaveCodecs() throws Exception {
        compile(
                List.of("--class-path", WIRE.toString()),
                new Source("app/App.java", APP),
                new Source("plugin/Visible.java", record("public", "plugin", "Visible")),
                new Source("plugin/Secret.java", record("", "plugin", "Secret")));
        try (var loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
            var app =
                    (Function<String, String>)
                            loader.loadClass("app.App").getDeclaredConstructor().newInstance();

            assertThat(app.apply("plugin.Visible")).isEqualTo("Visible[a=1, b=x]");
            assertThat(app.apply("plugin.Secret")).isEqualTo("Secret[a=1, b=x]");
        }
    }

    @Test
    void namesakesInTwoClassLoadersAreTwoTypes() throws Exception {
        compile(
                List.of("--class-path", WIRE.toString()),
                new Source("app/App.java", APP),
                new Source("plugin/Visible.java", record("public", "plugin", "Visible")));
        for (int i = 0; i < 2; i++) {
            try (var loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
                var app = loader.loadClass("app.App").getDeclaredConstructor().newInstance();
                assertThat(((Function<?, ?>) app).getClass().getClassLoader()).isSameAs(loader);
                assertThat(apply(app)).isEqualTo("Visible[a=1, b=x]");
            }
        }
    }

    @SuppressWarnings("unchecked") // it is what APP says
    private static Object apply(Object app) {
        return ((Function<String, String>) app).apply("plugin.Visible");
    }

    @Test
    void theTestReallyUsesTwoKindsOfModules() throws IOException {
        assertThat(Codecs.class.getModule().isNamed()).isFalse();
        assertThat(Files.exists(WIRE.resolve("module-info.class"))).isTrue();
    }
}
