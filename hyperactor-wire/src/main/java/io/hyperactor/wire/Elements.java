package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/// What the codecs of collections share.
final class Elements {

    /// Tables grow with what was really read, not with what was promised: lists within lists can
    /// promise the same bytes many times over.
    private static final int FIRST_CAPACITY_MAX = 1024;

    private Elements() {}

    static void write(WireWriter out, Collection<?> collection, Codec<Object> codec, String path) {
        int size = collection.size();
        out.writeVarint(size);
        int written = 0;
        for (var element : collection) {
            codec.write(out, present(element, path));
            written++;
        }
        checkSize(size, written, path);
    }

    static Object present(@Nullable Object element, String path) {
        if (element == null) {
            throw new EncodeException(path + " contains null");
        }
        return element;
    }

    static void checkSize(int size, int written, String path) {
        if (size != written) {
            throw new EncodeException(
                    path + " changed while it was written: " + size + " elements, then " + written);
        }
    }

    static int firstCapacity(int count) {
        return Math.min(count, FIRST_CAPACITY_MAX);
    }
}
