/** Posts, comments, messages and people of all platforms, in the same words. */
@NullMarked
package io.tributary.scheduler.activities;

import org.jspecify.annotations.NullMarked;
