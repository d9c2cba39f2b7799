package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.certify.ApiDescription.Collection;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The items of a {@link StatefulApi}: they are added, change and go. What happens to one that belongs to another
 * changes the other as well. For one thread.
 */
final class ApiItems {

    private final List<Collection> collections;
    /** By the path of the collection, and in it by external id, in the order in which they were added. */
    private final Map<String, Map<String, ApiItem>> items = new LinkedHashMap<>();

    private final Set<String> again = new HashSet<>();
    private int added;
    private int happened;

    ApiItems(List<Collection> collections) {
        this.collections = collections;
        collections.forEach(collection -> items.put(collection.path(), new LinkedHashMap<>()));
    }

    /** Those of a collection. */
    List<ApiItem> of(Collection collection) {
        return List.copyOf(in(collection.path()).values());
    }

    /** Whether there is the item that a list of a collection is asked of. */
    boolean hasParent(Collection collection, String id) {
        return collection.of() != null
                && in(collection.of()).values().stream()
                        .anyMatch(item -> item.id().equals(id));
    }

    /** How many were added, also those that are gone. */
    int added() {
        return added;
    }

    /** Adds an item to the collection whose turn it is; returns its external id. */
    String add(String text) {
        Collection collection = collections.get(added % collections.size());
        Instant now = now();
        String parent = collection.of() == null ? null : lastOf(collection.of()).id();
        var unnamed = ApiItem.added("", ++added, text, now, parent);
        var item = ApiItem.added(unnamed.fillPlaces(collection.id()), added, text, now, parent);
        String externalId = item.fillPlaces(collection.externalId());
        in(collection.path()).put(externalId, item);
        happenedTo(item, collection, now);
        return externalId;
    }

    void change(String externalId) {
        Collection collection = collectionOf(externalId);
        Instant now = now();
        ApiItem item = itemOf(externalId, collection).changed(now);
        in(collection.path()).put(externalId, item);
        happenedTo(item, collection, now);
    }

    void delete(String externalId) {
        Collection collection = collectionOf(externalId);
        Instant now = now();
        ApiItem item = itemOf(externalId, collection);
        switch (collection.deletions().style()) {
            case GONE -> in(collection.path()).remove(externalId);
            case FLAGGED -> in(collection.path()).put(externalId, item.deleted(now));
        }
        happenedTo(item, collection, now);
    }

    /** Changes the item that this one belongs to, and notes what is read together with it. */
    private void happenedTo(ApiItem item, Collection collection, Instant now) {
        if (collection.of() == null) {
            childrenOf(item.id(), collection.path()).forEach(child -> again.add(child.getKey()));
            return;
        }
        for (Entry<String, ApiItem> parent : in(collection.of()).entrySet()) {
            if (parent.getValue().id().equals(item.parent())) {
                var children =
                        childrenOf(parent.getValue().id(), collection.of()).toList();
                children.forEach(child -> again.add(child.getKey()));
                again.add(parent.getKey());
                parent.setValue(parent.getValue().withChildren(children.size(), now));
            }
        }
    }

    private Stream<Entry<String, ApiItem>> childrenOf(@Nullable String parent, String path) {
        return collections.stream()
                .filter(collection -> path.equals(collection.of()))
                .flatMap(collection -> in(collection.path()).entrySet().stream())
                .filter(child -> Objects.equals(child.getValue().parent(), parent));
    }

    /** The items that are read together with those that something happened to since this was asked the last time. */
    Set<String> takeAgain() {
        var taken = Set.copyOf(again);
        again.clear();
        return taken;
    }

    private ApiItem lastOf(String path) {
        return in(path).values().stream()
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException("all items of " + path + " were deleted"));
    }

    private Collection collectionOf(String externalId) {
        return collections.stream()
                .filter(collection -> in(collection.path()).containsKey(externalId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no item " + externalId));
    }

    private ApiItem itemOf(String externalId, Collection collection) {
        return Objects.requireNonNull(in(collection.path()).get(externalId));
    }

    private Map<String, ApiItem> in(String path) {
        return Objects.requireNonNull(items.get(path), path);
    }

    /** Whatever happens, happens a second after what happened before. */
    private Instant now() {
        return Provider.START.plusSeconds(++happened);
    }
}
