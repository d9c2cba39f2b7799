/**
 * Deletion of items that a complete listing did not show: stores listings, selects the rows, and marks them in batches.
 */
@NullMarked
package io.tributary.sink.deletions;

import org.jspecify.annotations.NullMarked;
