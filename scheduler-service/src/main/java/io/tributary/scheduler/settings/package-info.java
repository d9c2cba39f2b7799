/** Checks of settings. */
@NullMarked
package io.tributary.scheduler.settings;

import org.jspecify.annotations.NullMarked;
