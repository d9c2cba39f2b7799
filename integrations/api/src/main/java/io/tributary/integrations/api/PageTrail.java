package io.tributary.integrations.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a list leads back to a page that was read before: a provider that hands out the same cursor, page token
 * or URL again, at once or in a circle, would keep a run busy without end. It travels in the payload from the task of
 * one page to that of the next, and stays below 300 bytes however long the list is.
 *
 * <p>A circle of up to {@value #RECENT} pages is noticed before a page of it is requested twice. A longer one is
 * noticed at the latest when as many pages as it has, and as were read before it, have been requested twice more
 * (Brent's algorithm). It keeps keys of 64 bits, and no cursor, so it reveals no secret that is in one. Immutable.
 *
 * <pre>{@code
 *   PageTrail trail = PageTrail.of(payload.object("trail"))
 *           .then(cursor)
 *           .orElseThrow(() -> new TaskFailure.Permanent("shop.pagesRepeat", "...", null));
 *   new FollowUp(TYPE, JsonObject.of("cursor", cursor).with("trail", trail.toJson()));
 * }</pre>
 */
public final class PageTrail {

    /** Pages whose keys are all kept. */
    private static final int RECENT = 16;

    private static final int KEY_BYTES = 8;

    /** Before the first page. */
    public static final PageTrail START = new PageTrail(0, null, List.of());

    private final long pages;
    private final @Nullable String mark;
    private final List<String> recent;

    private PageTrail(long pages, @Nullable String mark, List<String> recent) {
        this.pages = pages;
        this.mark = mark;
        this.recent = recent;
    }

    /**
     * The trail in a payload.
     *
     * @param json as {@link #toJson} made it; empty: {@link #START}
     */
    public static PageTrail of(JsonObject json) {
        return json.isEmpty()
                ? START
                : new PageTrail(
                        json.integer("pages").orElse(0L), json.text("mark").orElse(null), json.texts("recent"));
    }

    /** Whether it is at the first page, so that a payload needs none. */
    public boolean isStart() {
        return pages == 0;
    }

    /** This trail for a payload. */
    public JsonObject toJson() {
        return JsonObject.of("pages", pages).with("mark", mark).with("recent", recent);
    }

    /**
     * Goes on to the next page.
     *
     * @param page what the next page is requested by: a cursor, a token, a URL, or the ids of the page that was read
     * @return the trail with this page; empty when it leads back to one that is on the trail
     */
    public Optional<PageTrail> then(String page) {
        String key = key(page);
        if (key.equals(mark) || recent.contains(key)) {
            return Optional.empty();
        }
        var keys = new ArrayList<>(recent);
        keys.add(key);
        boolean isPowerOfTwo = Long.bitCount(pages + 1) == 1;
        return Optional.of(new PageTrail(
                pages + 1,
                isPowerOfTwo ? key : mark,
                List.copyOf(keys.subList(Math.max(0, keys.size() - RECENT), keys.size()))));
    }

    private static String key(String page) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(page.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, KEY_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
