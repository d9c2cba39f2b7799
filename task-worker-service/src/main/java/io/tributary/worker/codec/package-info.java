/** Messages and JSON to and from bytes and text. */
@NullMarked
package io.tributary.worker.codec;

import org.jspecify.annotations.NullMarked;
