@NullMarked
package io.tributary.sink.metrics;

import org.jspecify.annotations.NullMarked;
