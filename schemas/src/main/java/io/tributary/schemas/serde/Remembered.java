package io.tributary.schemas.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was learned once and never changes. Bounded: at 1,000 entries it forgets all and learns anew, which a process that
 * meets a few dozen schemas never sees. Thread safe.
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
