@NullMarked
package io.tributary.scheduler.database;

import org.jspecify.annotations.NullMarked;
