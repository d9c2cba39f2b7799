@NullMarked
package io.tributary.worker;

import org.jspecify.annotations.NullMarked;
