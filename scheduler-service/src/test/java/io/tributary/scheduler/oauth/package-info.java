@NullMarked
package io.tributary.scheduler.oauth;

import org.jspecify.annotations.NullMarked;
