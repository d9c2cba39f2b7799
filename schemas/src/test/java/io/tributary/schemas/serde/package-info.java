@NullMarked
package io.tributary.schemas.serde;

import org.jspecify.annotations.NullMarked;
