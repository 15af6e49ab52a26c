package io.hyperactor.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The number of entries, then key and value of each in the order of the map's iterator.
final class MapCodec implements Codec<Map<?, ?>> {

    private final Codec<Object> key;
    private final Codec<Object> value;
    private final String path;

    @SuppressWarnings("unchecked") // of the keys' and values' types
    MapCodec(Codec<?> key, Codec<?> value, String path) {
        this.key = (Codec<Object>) key;
        this.value = (Codec<Object>) value;
        this.path = path;
    }

    @Override
    public void write(WireWriter out, Map<?, ?> map) {
        int size = map.size();
        out.writeVarint(size);
        int written = 0;
        for (var entry : map.entrySet()) {
            key.write(out, Elements.present(entry.getKey(), path));
            value.write(out, Elements.present(entry.getValue(), path));
            written++;
        }
        Elements.checkSize(size, written, path);
    }

    @Override
    public Map<?, ?> read(WireReader in) {
        int count = in.readLength();
        if (count == 0) {
            return Map.of();
        }
        var keys = new ArrayList<Object>(Elements.firstCapacity(count));
        var values = new ArrayList<Object>(Elements.firstCapacity(count));
        var collisions = new Collisions(count);
        for (int i = 0; i < count; i++) {
            int start = in.position();
            var one = key.read(in);
            if (collisions.add(one, in.position() - start)) {
                double _ = in.afford(collisions, path);
            }
            keys.add(one);
            values.add(value.read(in));
        }
        in.spend(collisions, path);
        var map = LinkedHashMap.<Object, Object>newLinkedHashMap(Elements.firstCapacity(count));
        for (int i = 0; i < count; i++) {
            if (map.put(keys.get(i), values.get(i)) != null) {
                throw in.malformed(path + " contains a key twice");
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
