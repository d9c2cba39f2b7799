/** What recipients of notifications want: addresses that get none, and hours in which none comes. */
@NullMarked
package io.tributary.scheduler.recipients;

import org.jspecify.annotations.NullMarked;
