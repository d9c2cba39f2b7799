/** Accepts webhooks of providers, without a database. */
@NullMarked
package io.tributary.edge;

import org.jspecify.annotations.NullMarked;
