/** Who is calling: JWTs, and what nobody may do. */
@NullMarked
package io.tributary.scheduler.security;

import org.jspecify.annotations.NullMarked;
