@NullMarked
package io.tributary.ingress;

import org.jspecify.annotations.NullMarked;
