@NullMarked
package io.tributary.scheduler.activities;

import org.jspecify.annotations.NullMarked;
