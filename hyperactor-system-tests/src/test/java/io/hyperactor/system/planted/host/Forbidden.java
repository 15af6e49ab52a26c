package io.hyperactor.system.planted.host;

import java.io.ObjectInputStream;

/// One breach of each rule about what a class may use.
final class Forbidden {
    ObjectInputStream objects;

    Class<?> byName() throws ClassNotFoundException {
        return Class.forName("java.lang.String");
    }

    synchronized void block() {
        objects = null;
    }

    void print() {
        System.out.println("printed");
    }
}
