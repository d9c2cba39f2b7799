@NullMarked
package io.tributary.scheduler.addresses;

import org.jspecify.annotations.NullMarked;
