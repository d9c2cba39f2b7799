package io.tributary.integrations.declarative;

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
 * @param ids of its records, also of those that become nothing: pages are counted by them
 * @param scope with what the answer adds
 */
record NextPage(Stream stream, Provider provider, PageTask task, Answered answer, List<String> ids, Scope scope) {

    /** The task of the next page; empty when this was the last one. */
    Optional<PageTask> after(Reach reached) throws TaskFailure, ExpressionFailure {
        Optional<PageTask> next = switch (stream.pagination().how()) {
            case Way.None none -> Optional.empty();
            case Way.Number number -> goesOn() ? Optional.of(page(null, reached)) : Optional.empty();
            case Way.Offset offset -> goesOn() ? Optional.of(nextOffset(reached)) : Optional.empty();
            case Way.Cursor cursor -> {
                String value = cursor.next().text(answer.body(), scope);
                yield cursorPage(value, reached);
            }
            case Way.Link link -> {
                Optional<URI> target = answer.response().link("next");
                yield urlPage(target.map(String::valueOf).orElse(null), reached);
            }
            case Way.NextUrl url -> urlPage(url.next().text(answer.body(), scope), reached);
            case Way.Keyset keyset -> goesOn() ? Optional.of(onwards(keyset, reached)) : Optional.empty();
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

    private Optional<PageTask> urlPage(@Nullable String url, Reach reached) throws TaskFailure, ExpressionFailure {
        return url == null || url.isEmpty()
                ? Optional.empty()
                : cursorPage(provider.local(url, answer.response().uri()), reached);
    }

    /** Whether there is more: as the file tells, or else when the page is as full as it can be. */
    private boolean goesOn() throws ExpressionFailure {
        Pagination pagination = stream.pagination();
        return pagination.hasMore() == null
                ? !ids.isEmpty() && ids.size() >= pagination.size()
                : pagination.hasMore().holds(answer.body(), scope);
    }

    private PageTask nextOffset(Reach reached) throws TaskFailure {
        if (ids.isEmpty()) {
            throw repeats("a page without records says that there are more.");
        }
        return page(null, reached);
    }

    private TaskFailure.Permanent repeats(String why) {
        return new TaskFailure.Permanent(
                provider.domain() + ".pagesRepeat", "The list of " + stream.name() + " does not go on: " + why, null);
    }

    private Optional<PageTask> cursorPage(@Nullable String cursor, Reach reached)
            throws TaskFailure, ExpressionFailure {
        Expression hasMore = stream.pagination().hasMore();
        if (cursor == null || cursor.isEmpty() || hasMore != null && !hasMore.holds(answer.body(), scope)) {
            return Optional.empty();
        }
        if (cursor.equals(task.cursor())) {
            throw repeats("a page names itself as the next one.");
        }
        return Optional.of(page(cursor, reached));
    }

    /** After the last record; when all of the page are at the same place, the next page of that place. */
    private PageTask onwards(Way.Keyset keyset, Reach reached) throws TaskFailure {
        if (reached.to() != null && !reached.to().equals(reached.from())) {
            return page(null, reached.onwards());
        }
        if (keyset.parameter() != null) {
            int number = task.cursor() == null ? keyset.first() : Integer.parseInt(task.cursor());
            return page(String.valueOf(number + 1), reached);
        }
        throw repeats("a whole page has one and the same "
                + stream.incremental().variable() + ". Ask for more a page, or name the parameter for pages.");
    }

    private PageTask page(@Nullable String cursor, Reach reached) {
        boolean again = stream.pagination().rechecks();
        return new PageTask(
                task.parent(),
                task.index() + 1,
                task.offset() + ids.size(),
                cursor,
                reached,
                again ? ids.stream().map(Values::key).toList() : List.of(),
                etag(),
                task.afresh());
    }

    /** Of the first page: that is the one which is asked for conditionally. */
    @Nullable
    String etag() {
        return task.index() == 0 ? answer.response().header("etag").orElse(null) : task.etag();
    }
}
