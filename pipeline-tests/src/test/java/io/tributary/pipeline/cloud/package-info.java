/** An integration with OAuth2, packed as a plugin of its own. */
@NullMarked
package io.tributary.pipeline.cloud;

import org.jspecify.annotations.NullMarked;
