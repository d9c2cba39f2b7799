/** Connects accounts by OAuth2: the authorization-code flow with PKCE (RFC 6749, RFC 7636, RFC 9700). */
@NullMarked
package io.tributary.scheduler.oauth;

import org.jspecify.annotations.NullMarked;
