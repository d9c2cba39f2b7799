/** Effects of actions. */
@NullMarked
package io.tributary.sink.effects;

import org.jspecify.annotations.NullMarked;
