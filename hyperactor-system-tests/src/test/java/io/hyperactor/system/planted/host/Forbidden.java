package io.hyperactor.system.planted.host;

import java.io.ObjectInputStream;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// One breach of each rule about what a class may use.
final class Forbidden {
    ObjectInputStream objects;

    Class<?> byName() throws ClassNotFoundException {
        return Class.forName("java.lang.String");
    }

    synchronized void block() {
        objects = null;
    }

    Collection<String> shared() {
        return Collections.synchronizedCollection(List.of());
    }

    void print() {
        System.out.println("printed");
    }
}
