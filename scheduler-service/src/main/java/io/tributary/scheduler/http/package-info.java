/** What all of the REST API shares: problems, pages and their cursors, limits. */
@NullMarked
package io.tributary.scheduler.http;

import org.jspecify.annotations.NullMarked;
