/** Secrets in Postgres: the keys that seal them, and when an access token expires. */
@NullMarked
package io.tributary.secrets;

import org.jspecify.annotations.NullMarked;
