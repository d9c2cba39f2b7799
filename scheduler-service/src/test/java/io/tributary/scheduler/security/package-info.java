@NullMarked
package io.tributary.scheduler.security;

import org.jspecify.annotations.NullMarked;
