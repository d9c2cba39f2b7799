@NullMarked
package io.tributary.scheduler.http;

import org.jspecify.annotations.NullMarked;
