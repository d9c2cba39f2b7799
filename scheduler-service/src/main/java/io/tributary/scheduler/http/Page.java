package io.tributary.scheduler.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param items at most as many as requested
 * @param nextCursor the {@code cursor} of the next page; null: this is the last page
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {}
