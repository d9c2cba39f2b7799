/** Webhooks of providers: their endpoints, and the runs that they start. */
@NullMarked
package io.tributary.scheduler.incoming;

import org.jspecify.annotations.NullMarked;
