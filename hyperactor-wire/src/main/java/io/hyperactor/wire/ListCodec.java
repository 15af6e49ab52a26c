package io.hyperactor.wire;

import java.util.Arrays;
import java.util.List;

/// The number of elements, then the elements.
final class ListCodec implements Codec<List<?>> {

    private final Codec<Object> element;
    private final String path;

    @SuppressWarnings("unchecked") // of the elements' type
    ListCodec(Codec<?> element, String path) {
        this.element = (Codec<Object>) element;
        this.path = path;
    }

    @Override
    public void write(WireWriter out, List<?> list) {
        Elements.write(out, list, element, path);
    }

    @Override
    public List<?> read(WireReader in) {
        int count = in.readLength();
        var elements = new Object[Elements.firstCapacity(count)];
        for (int i = 0; i < count; i++) {
            if (i == elements.length) {
                elements = Arrays.copyOf(elements, (int) Math.min(count, 2L * i));
            }
            elements[i] = element.read(in);
        }
        return List.of(elements);
    }
}
