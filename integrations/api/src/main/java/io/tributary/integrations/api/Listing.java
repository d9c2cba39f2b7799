package io.tributary.integrations.api;

import java.util.List;

/**
 * Items that a list at the provider showed, whether or not the task returns them. When the lists of a run named
 * everything there is, items that were synced before and are on none of them are gone, and become deleted.
 *
 * @param externalIds the ids of the items, as in {@link Output#externalId()}, at most 10,000 a task; one may come twice
 * @param everything whether the lists of the whole run - this one, and those of all tasks that follow - name everything
 *     of its sync type. Enough when one task of the run says so, such as the initial task. It holds once all tasks of the
 *     run have completed; when one failed, when an item could not be taken, in a run over a range, nothing is deleted
 */
public record Listing(List<String> externalIds, boolean everything) {

    /** No list was read. */
    public static final Listing NONE = new Listing(List.of(), false);

    public Listing {
        externalIds = List.copyOf(externalIds);
        for (String id : externalIds) {
            if (id.isEmpty() || id.length() > 1024) {
                throw new IllegalArgumentException("an externalId has 1 to 1,024 characters, not " + id.length());
            }
        }
    }

    /** A list, or a page of one. */
    public static Listing of(List<String> externalIds) {
        return new Listing(externalIds, false);
    }

    /** A list, or a page of one, in a run whose lists name everything there is. */
    public static Listing ofEverything(List<String> externalIds) {
        return new Listing(externalIds, true);
    }
}
