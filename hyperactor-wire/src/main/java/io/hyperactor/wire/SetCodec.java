package io.hyperactor.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/// The number of elements, then the elements in the order of the set's iterator.
final class SetCodec implements Codec<Set<?>> {

    private final Codec<Object> element;
    private final String path;

    @SuppressWarnings("unchecked") // of the elements' type
    SetCodec(Codec<?> element, String path) {
        this.element = (Codec<Object>) element;
        this.path = path;
    }

    @Override
    public void write(WireWriter out, Set<?> set) {
        Elements.write(out, set, element, path);
    }

    @Override
    public Set<?> read(WireReader in) {
        int count = in.readLength();
        if (count == 0) {
            return Set.of();
        }
        var elements = new ArrayList<Object>(Elements.firstCapacity(count));
        var collisions = new Collisions(count);
        for (int i = 0; i < count; i++) {
            int start = in.position();
            var one = element.read(in);
            if (collisions.add(one, in.position() - start)) {
                double _ = in.afford(collisions, path);
            }
            elements.add(one);
        }
        in.spend(collisions, path);
        var set = LinkedHashSet.<Object>newLinkedHashSet(Elements.firstCapacity(count));
        for (var one : elements) {
            if (!set.add(one)) {
                throw in.malformed(path + " contains an element twice");
            }
        }
        return Collections.unmodifiableSet(set);
    }
}
