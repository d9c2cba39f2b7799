/** The commands of the script, and what they show. */
@NullMarked
package io.tributary.standalone.cli;

import org.jspecify.annotations.NullMarked;
