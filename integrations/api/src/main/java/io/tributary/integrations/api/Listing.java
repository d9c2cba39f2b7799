package io.tributary.integrations.api;

import java.util.List;

/**
 * Items that the provider listed, whether or not the task returns them. If the listing of a run is complete, the engine
 * marks synced items as deleted that the run did not list.
 *
 * @param externalIds the ids of the items, as in {@link Output#externalId()}, at most 10,000 a task; duplicates are
 *     allowed
 * @param everything whether the lists of the whole run - this one, and those of all later tasks - name all items of its
 *     sync type. One task of the run has to set it, such as the initial task. It takes effect when all tasks of the run
 *     have completed; nothing is deleted if a task failed, if an item was rejected, or in a run over a range
 */
public record Listing(List<String> externalIds, boolean everything) {

    /** No listing. */
    public static final Listing NONE = new Listing(List.of(), false);

    public Listing {
        externalIds = List.copyOf(externalIds);
        externalIds.forEach(ExternalIds::check);
    }

    /** A list, or a page of a list. */
    public static Listing of(List<String> externalIds) {
        return new Listing(externalIds, false);
    }

    /** A list, or a page of a list, in a run with a complete listing. */
    public static Listing ofEverything(List<String> externalIds) {
        return new Listing(externalIds, true);
    }
}
