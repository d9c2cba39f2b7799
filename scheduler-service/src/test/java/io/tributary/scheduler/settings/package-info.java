/** Tests of the checks of settings. */
@NullMarked
package io.tributary.scheduler.settings;

import org.jspecify.annotations.NullMarked;
