@NullMarked
package io.tributary.content;

import org.jspecify.annotations.NullMarked;
