@NullMarked
package io.tributary.edge.testing;

import org.jspecify.annotations.NullMarked;
