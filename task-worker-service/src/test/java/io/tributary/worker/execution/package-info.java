@NullMarked
package io.tributary.worker.execution;

import org.jspecify.annotations.NullMarked;
