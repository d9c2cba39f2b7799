/** An integration with actions of each policy. */
@NullMarked
package io.tributary.pipeline.effects;

import org.jspecify.annotations.NullMarked;
