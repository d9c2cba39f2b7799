@NullMarked
package io.tributary.sink;

import org.jspecify.annotations.NullMarked;
