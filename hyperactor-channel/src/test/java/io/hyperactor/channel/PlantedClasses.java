package io.hyperactor.channel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The classes of a package once more, with bugs planted among them: the sources are compiled in
/// memory. Needs the sources of the module that is tested, and a JDK.
public final class PlantedClasses extends ClassLoader {
    private static final Path SOURCES = Path.of("src/main/java");

    private final String start;
    private final Map<String, ByteArrayOutputStream> compiled = new HashMap<>();

    /// A change of a source.
    ///
    /// @param file of which class
    /// @param text is there just once
    /// @param instead what is there in its place
    public record Edit(String file, String text, String instead) {}

    /// @param packageName whose classes
    public PlantedClasses(String packageName, List<Edit> edits) throws IOException {
        super(PlantedClasses.class.getClassLoader());
        start = packageName + ".";
        Path folder = SOURCES.resolve(packageName.replace('.', '/'));
        Map<String, String> sources = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String source = sources.get(edit.file());
            if (source == null) {
                source = Files.readString(folder.resolve(edit.file() + ".java"));
            }
            sources.put(edit.file(), edited(source, edit));
        }
        compile(sources);
    }

    private static String edited(String source, Edit edit) {
        int at = source.indexOf(edit.text());
        if (at < 0 || source.indexOf(edit.text(), at + 1) >= 0) {
            throw new IllegalStateException(
                    "can not be planted: in %s.java this is not there just once:%n%s"
                            .formatted(edit.file(), edit.text()));
        }
        return source.substring(0, at)
                + edit.instead()
                + source.substring(at + edit.text().length());
    }

    private void compile(Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(source(name, text)));
        StringWriter said = new StringWriter();
        try (JavaFileManager files =
                new InMemory(compiler.getStandardFileManager(null, null, null))) {
            List<String> options =
                    List.of(
                            "-nowarn",
                            "-proc:none",
                            "-implicit:none",
                            "-classpath",
                            System.getProperty("java.class.path"));
            if (!compiler.getTask(said, files, null, options, null, units).call()) {
                throw new IllegalStateException("what is planted does not compile: " + said);
            }
        }
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(
                URI.create("memory:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /// Where classes are written to.
    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        InMemory(JavaFileManager rest) {
            super(rest);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            compiled.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    /// The package's classes from here, whoever else has them too.
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(start) || name.indexOf('.', start.length()) >= 0) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ByteArrayOutputStream mutated = compiled.get(name);
        byte[] bytes = mutated != null ? mutated.toByteArray() : original(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(path)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
