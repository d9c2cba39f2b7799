/**
 * Reads messages as RFC 5322 and RFC 2045 to 2047 and 2231 define them, and as mailers really write them. Reading never
 * fails: what cannot be decoded is left out or taken as it stands, and named in {@code problems}.
 *
 * <p>Jakarta Mail's own MIME classes are not used for this: how lenient they are is set by system properties that every
 * other user of the JVM shares, they find their parts through the thread's class loader, and they make objects for
 * every part of a message before anyone can say that a million parts are too many. Here every bound is in
 * {@link io.tributary.integrations.mail.Bounds}.
 */
@NullMarked
package io.tributary.integrations.mail;

import org.jspecify.annotations.NullMarked;
