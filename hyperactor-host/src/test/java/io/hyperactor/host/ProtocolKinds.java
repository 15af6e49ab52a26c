package io.hyperactor.host;

import io.hyperactor.Actor;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/// The kinds of messages that actors of the runtime take, as their classes say.
final class ProtocolKinds {
    private ProtocolKinds() {}

    static Set<Class<?>> ofTheRuntime() throws Exception {
        Set<Class<?>> kinds = new LinkedHashSet<>();
        for (Class<?> module : Set.of(Actor.class, Host.class)) {
            addAllBeside(module, kinds);
        }
        return kinds;
    }

    /// Of its package, wherever that was compiled to.
    private static void addAllBeside(Class<?> one, Set<Class<?>> kinds)
            throws IOException, URISyntaxException, ClassNotFoundException {
        Path place = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        String folder = one.getPackageName().replace('.', '/');
        if (Files.isDirectory(place)) {
            addAllIn(place.resolve(folder), one.getPackageName(), kinds);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                addAllIn(jar.getPath(folder), one.getPackageName(), kinds);
            }
        }
    }

    private static void addAllIn(Path folder, String name, Set<Class<?>> kinds)
            throws IOException, ClassNotFoundException {
        ClassLoader loader = ProtocolKinds.class.getClassLoader();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.class")) {
            for (Path file : files) {
                String simple = file.getFileName().toString().replace(".class", "");
                protocols(Class.forName(name + "." + simple, false, loader))
                        .forEach(protocol -> addKinds(protocol, kinds));
            }
        }
    }

    /// Of actors of that class.
    private static Stream<Class<?>> protocols(Class<?> one) {
        return Arrays.stream(one.getGenericInterfaces())
                .filter(ParameterizedType.class::isInstance)
                .map(ParameterizedType.class::cast)
                .filter(type -> type.getRawType() == Actor.class)
                .map(type -> type.getActualTypeArguments()[0])
                .filter(Class.class::isInstance)
                .<Class<?>>map(Class.class::cast);
    }

    private static void addKinds(Class<?> protocol, Set<Class<?>> kinds) {
        if (protocol.isSealed()) {
            Arrays.stream(protocol.getPermittedSubclasses()).forEach(one -> addKinds(one, kinds));
        } else {
            kinds.add(protocol);
        }
    }
}
