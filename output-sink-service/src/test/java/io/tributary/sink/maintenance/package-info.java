@NullMarked
package io.tributary.sink.maintenance;

import org.jspecify.annotations.NullMarked;
