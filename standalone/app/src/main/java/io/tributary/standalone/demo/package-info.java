/** The mail server that the demo brings along, and the mail on it. */
@NullMarked
package io.tributary.standalone.demo;

import org.jspecify.annotations.NullMarked;
