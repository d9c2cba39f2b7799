/** Keeps this service in step with compacted topics. */
@NullMarked
package io.tributary.edge.topics;

import org.jspecify.annotations.NullMarked;
