/** The part of a user integration that all other packages need. */
@NullMarked
package io.tributary.scheduler.accounts;

import org.jspecify.annotations.NullMarked;
