/** Reading topics again from a point, beside the live consumers, and applying what was set aside. */
@NullMarked
package io.tributary.sink.replay;

import org.jspecify.annotations.NullMarked;
