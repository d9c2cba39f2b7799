package io.tributary.integrations.declarative;

import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Pagination.Way;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page after one that was read.
 *
 * @param task of the page that was read
 * @param ids of its records, also of those that become nothing or cannot be read: pages are counted by them
 * @param scope with what the answer adds
 */
record NextPage(Stream stream, Provider provider, PageTask task, ProviderAnswer answer, List<String> ids, Scope scope) {

    /**
     * The task of the next page; empty when this was the last one.
     *
     * @param moved whether the page before has other records than when it was read: then this one may have its records
     */
    Optional<PageTask> after(Watermark watermark, boolean moved) throws TaskFailure, ExpressionFailure {
        Optional<PageTask> next = switch (stream.pagination().how()) {
            case Way.None none -> Optional.empty();
            case Way.Number number -> goesOn() ? Optional.of(nextNumber(watermark, moved)) : Optional.empty();
            case Way.Offset offset -> goesOn() ? Optional.of(nextOffset(watermark, moved)) : Optional.empty();
            case Way.Cursor cursor -> cursorPage(cursor.next().of(answer.body(), scope), watermark);
            case Way.Link link -> {
                Optional<URI> target = answer.response().link("next");
                yield urlPage(target.map(String::valueOf).orElse(""), watermark);
            }
            case Way.NextUrl url -> urlPage(url.next().of(answer.body(), scope), watermark);
            case Way.Keyset keyset -> goesOn() ? Optional.of(nextByKeyset(keyset, watermark)) : Optional.empty();
        };
        if (next.isPresent() && next.get().index() >= stream.pagination().maxPages()) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".tooManyPages",
                    "The list of " + stream.name() + " has more than "
                            + stream.pagination().maxPages() + " pages: raise maxPages, or ask for more a page.",
                    null);
        }
        return next;
    }

    private Optional<PageTask> urlPage(@Nullable Object url, Watermark watermark)
            throws TaskFailure, ExpressionFailure {
        return url == null || isNone(url)
                ? Optional.empty()
                : cursorPage(provider.local(Values.text(url), answer.response()), watermark);
    }

    /** PHP's word for nothing is false. */
    private static boolean isNone(Object next) {
        return next.equals("") || next.equals(false);
    }

    /** Whether there is more: as the file tells, or else when the page is as full as it can be. */
    private boolean goesOn() throws ExpressionFailure {
        Pagination pagination = stream.pagination();
        return pagination.hasMore() == null
                ? !ids.isEmpty() && ids.size() >= pagination.size()
                : pagination.hasMore().holds(answer.body(), scope);
    }

    /** A provider that does not know the parameter, or goes no further than its last page, shows one page again. */
    private PageTask nextNumber(Watermark watermark, boolean moved) throws TaskFailure {
        // One record may have moved by one place meanwhile.
        PageTrail trail = ids.size() < 2 || moved
                ? task.trail()
                : onward(String.join("\n", ids), "a page has the records of one before.");
        return page(null, watermark, trail);
    }

    private PageTask nextOffset(Watermark watermark, boolean moved) throws TaskFailure {
        if (ids.isEmpty()) {
            throw repeats("a page without records says that there are more.");
        }
        return nextNumber(watermark, moved);
    }

    private PageTrail onward(String page, String why) throws TaskFailure.Permanent {
        return task.trail().then(page).orElseThrow(() -> repeats(why));
    }

    private TaskFailure.Permanent repeats(String why) {
        return new TaskFailure.Permanent(
                provider.domain() + ".pagesRepeat", "The list of " + stream.name() + " does not go on: " + why, null);
    }

    private Optional<PageTask> cursorPage(@Nullable Object cursor, Watermark watermark)
            throws TaskFailure, ExpressionFailure {
        Expression hasMore = stream.pagination().hasMore();
        if (cursor == null || isNone(cursor) || hasMore != null && !hasMore.holds(answer.body(), scope)) {
            return Optional.empty();
        }
        PageTrail trail = onward(Values.text(cursor), "a page names itself, or one before, as the next one.");
        return Optional.of(page(cursor, watermark, trail));
    }

    /** After the last record; when all of the page are at the same place, the next page of that place. */
    private PageTask nextByKeyset(Way.Keyset keyset, Watermark watermark) throws TaskFailure {
        if (watermark.to() != null && !watermark.to().equals(watermark.from())) {
            return page(null, watermark.continued(), task.trail());
        }
        if (keyset.parameter() != null) {
            int number = task.cursor() == null ? keyset.first() : Integer.parseInt(Values.text(task.cursor()));
            return page(number + 1, watermark, task.trail());
        }
        throw repeats("a whole page has one and the same "
                + stream.incremental().variable() + ". Ask for more a page, or name the parameter for pages.");
    }

    private PageTask page(@Nullable Object cursor, Watermark watermark, PageTrail trail) {
        boolean again = stream.pagination().rechecks();
        return new PageTask(
                task.parent(),
                task.index() + 1,
                task.offset() + ids.size(),
                cursor,
                trail,
                watermark,
                again ? ids.stream().map(Values::key).toList() : List.of(),
                etag(),
                null,
                task.afresh());
    }

    /** Of the first page: that is the one which is asked for conditionally. */
    @Nullable
    String etag() {
        return task.index() == 0 ? answer.response().header("etag").orElse(null) : task.etag();
    }
}
