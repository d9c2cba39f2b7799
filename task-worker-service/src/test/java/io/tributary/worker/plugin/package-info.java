/** An integration that tests pack into a jar of its own. */
@NullMarked
package io.tributary.worker.plugin;

import org.jspecify.annotations.NullMarked;
