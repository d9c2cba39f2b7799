/** Decides when user integrations are synced, and serves the REST API. */
@NullMarked
package io.tributary.scheduler;

import org.jspecify.annotations.NullMarked;
