/** A small client of Tributary's HTTP API, as any program would use it. */
@NullMarked
package io.tributary.standalone.api;

import org.jspecify.annotations.NullMarked;
