/** Speaks to the token endpoint of an OAuth2 provider. */
@NullMarked
package io.tributary.worker.oauth;

import org.jspecify.annotations.NullMarked;
