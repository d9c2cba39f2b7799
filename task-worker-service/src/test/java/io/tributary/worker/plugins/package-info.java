@NullMarked
package io.tributary.worker.plugins;

import org.jspecify.annotations.NullMarked;
