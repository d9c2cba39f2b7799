@NullMarked
package io.tributary.sink.deadletter;

import org.jspecify.annotations.NullMarked;
