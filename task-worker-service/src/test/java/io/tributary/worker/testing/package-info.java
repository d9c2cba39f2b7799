@NullMarked
package io.tributary.worker.testing;

import org.jspecify.annotations.NullMarked;
