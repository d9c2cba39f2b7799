/** Bounds what a client may send, and reports failures. */
@NullMarked
package io.tributary.edge.http;

import org.jspecify.annotations.NullMarked;
