@NullMarked
package io.tributary.worker.engine;

import org.jspecify.annotations.NullMarked;
