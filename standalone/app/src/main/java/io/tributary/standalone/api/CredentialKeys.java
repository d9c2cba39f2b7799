package io.tributary.standalone.api;

import java.util.List;

/** Which key has sealed how many secrets. */
public record CredentialKeys(List<Key> keys, long unreadable) {

    public record Key(int id, boolean primary, long secrets) {}

    /** Secrets that need another key than the one that seals. */
    public long old() {
        return unreadable
                + keys.stream()
                        .filter(key -> !key.primary())
                        .mapToLong(Key::secrets)
                        .sum();
    }

    /** Whether that key seals. */
    public boolean isPrimary(int id) {
        return keys.stream().anyMatch(key -> key.primary() && key.id() == id);
    }
}
