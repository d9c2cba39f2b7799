/** An OpenID Connect provider for tests: Spring Authorization Server, with faults on demand. */
@NullMarked
package io.tributary.standalone.oidc;

import org.jspecify.annotations.NullMarked;
