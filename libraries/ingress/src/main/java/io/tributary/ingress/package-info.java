/** The rate limit of the clients of an HTTP server. */
@NullMarked
package io.tributary.ingress;

import org.jspecify.annotations.NullMarked;
