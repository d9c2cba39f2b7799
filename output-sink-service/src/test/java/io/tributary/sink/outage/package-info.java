@NullMarked
package io.tributary.sink.outage;

import org.jspecify.annotations.NullMarked;
