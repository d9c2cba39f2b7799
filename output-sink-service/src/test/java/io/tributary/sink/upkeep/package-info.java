@NullMarked
package io.tributary.sink.upkeep;

import org.jspecify.annotations.NullMarked;
