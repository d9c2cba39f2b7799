package io.tributary.schemas.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of values that never change. At 1,000 entries it forgets all and loads anew, which never happens in a process
 * with a few dozen schemas. Thread safe.
 */
final class Remembered<K, V> {

    static final int MOST = 1_000;

    private final Map<K, V> known = new ConcurrentHashMap<>();

    @Nullable
    V get(K key) {
        return known.get(key);
    }

    void put(K key, V value) {
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(key, value);
    }

    void clear() {
        known.clear();
    }

    int size() {
        return known.size();
    }
}
