/** Actions that users and processors request, and the effects that they have. */
@NullMarked
package io.tributary.scheduler.actions;

import org.jspecify.annotations.NullMarked;
