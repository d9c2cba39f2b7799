package io.tributary.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes a mistake in a copy of what is deployed. */
final class Change {

    private Change() {}

    /**
     * Puts a value into an object; null removes what is there. Numbers in the path count in lists, from 0; a
     * tilde in it stands for a slash.
     */
    static UnaryOperator<Deployed> set(String title, @Nullable Object value, String path) {
        return deployed ->
                new Deployed(set(deployed.chart(), title, value, path), set(deployed.platform(), title, value, path));
    }

    /** Removes an object. */
    static UnaryOperator<Deployed> remove(String title) {
        return deployed -> new Deployed(without(deployed.chart(), title), without(deployed.platform(), title));
    }

    private static List<Manifest> without(List<Manifest> manifests, String title) {
        return manifests.stream()
                .filter(manifest -> !manifest.title().equals(title))
                .toList();
    }

    private static List<Manifest> set(List<Manifest> manifests, String title, @Nullable Object value, String path) {
        return manifests.stream()
                .map(manifest -> manifest.title().equals(title)
                        ? new Manifest(Manifest.asMap(changed(manifest.content(), List.of(path.split("/", -1)), value)))
                        : manifest)
                .toList();
    }

    private static @Nullable Object changed(@Nullable Object here, List<String> path, @Nullable Object value) {
        if (path.isEmpty()) {
            return value;
        }
        String key = path.getFirst().replace('~', '/');
        List<String> rest = path.subList(1, path.size());
        if (here instanceof List<?> list) {
            var copy = new ArrayList<Object>(list);
            int index = Integer.parseInt(key);
            Object item = changed(index < list.size() ? list.get(index) : null, rest, value);
            if (item == null) {
                copy.remove(index);
            } else if (index < copy.size()) {
                copy.set(index, item);
            } else {
                copy.add(item);
            }
            return copy;
        }
        var copy = new LinkedHashMap<String, Object>(Manifest.asMap(here));
        Object item = changed(copy.get(key), rest, value);
        if (item == null) {
            Objects.requireNonNull(copy.remove(key), () -> "there is nothing at " + path);
        } else {
            copy.put(key, item);
        }
        return copy;
    }
}
