/** The caller of a request, by its token. */
@NullMarked
package io.tributary.scheduler.security;

import org.jspecify.annotations.NullMarked;
