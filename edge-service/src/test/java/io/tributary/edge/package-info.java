@NullMarked
package io.tributary.edge;

import org.jspecify.annotations.NullMarked;
