/** The rows of {@code user_integration_content}: one for each item, from the newest run. */
@NullMarked
package io.tributary.sink.content;

import org.jspecify.annotations.NullMarked;
