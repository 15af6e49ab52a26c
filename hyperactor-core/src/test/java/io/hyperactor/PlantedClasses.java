package io.hyperactor;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The classes of this package once more, one source of them changed: the product and the
/// simulation, which knows nothing of that.
final class PlantedClasses extends ClassLoader {
    private static final Path SOURCES =
            Path.of(System.getProperty("planted.sources", "src/main/java"));

    private final Map<String, byte[]> changed;

    private PlantedClasses(Map<String, byte[]> changed) {
        super(PlantedClasses.class.getClassLoader());
        this.changed = changed;
    }

    /// @param name of a class of the product
    /// @param right what its source says once
    /// @param wrong what it says instead
    static ClassLoader of(String name, String right, String wrong) {
        try {
            String source = Files.readString(SOURCES.resolve(name.replace('.', '/') + ".java"));
            int at = source.indexOf(right);
            if (at < 0 || source.indexOf(right, at + 1) >= 0) {
                throw new IllegalStateException(name + " does not say once: " + right);
            }
            return new PlantedClasses(compile(name, source.replace(right, wrong)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> compile(String name, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Map<String, byte[]> classes = new TreeMap<>();
        JavaFileObject file =
                new SimpleJavaFileObject(
                        Path.of(name + ".java").toUri(), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }

                    @Override
                    public boolean isNameCompatible(String simpleName, Kind kind) {
                        return true;
                    }
                };
        JavaFileManager memory =
                new ForwardingJavaFileManager<>(files) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location,
                            String className,
                            JavaFileObject.Kind kind,
                            FileObject sibling) {
                        return new Output(className, classes);
                    }
                };
        List<String> options = List.of("-proc:none", "-nowarn", "-cp", classPath());
        if (!compiler.getTask(null, memory, null, options, null, List.of(file)).call()) {
            throw new IllegalStateException("a planted bug must compile: " + name);
        }
        return classes;
    }

    private static final class Output extends SimpleJavaFileObject {
        private final String name;
        private final Map<String, byte[]> classes;

        Output(String name, Map<String, byte[]> classes) {
            super(Path.of(name + ".class").toUri(), JavaFileObject.Kind.CLASS);
            this.name = name;
            this.classes = classes;
        }

        @Override
        public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    classes.put(name, toByteArray());
                }
            };
        }
    }

    /// Where this was loaded from, and what it needs.
    private static String classPath() {
        TreeSet<String> all = new TreeSet<>();
        for (Class<?> one :
                List.of(
                        DialRouter.class,
                        io.hyperactor.channel.Channels.class,
                        io.hyperactor.wire.ProcId.class,
                        org.jspecify.annotations.Nullable.class,
                        org.slf4j.Logger.class)) {
            all.add(
                    Path.of(
                                    URI.create(
                                            one.getProtectionDomain()
                                                    .getCodeSource()
                                                    .getLocation()
                                                    .toString()))
                            .toString());
        }
        return String.join(File.pathSeparator, all);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean isOurs = name.startsWith("io.hyperactor.") && name.lastIndexOf('.') == 13;
        if (!isOurs) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            bytes = unchanged(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] unchanged(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
