@NullMarked
package io.tributary.sink.postgres;

import org.jspecify.annotations.NullMarked;
