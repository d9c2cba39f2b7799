/** The SQL of tables that several packages read or change: one class for the changes of a table, one for its reads. */
@NullMarked
package io.tributary.scheduler.tables;

import org.jspecify.annotations.NullMarked;
