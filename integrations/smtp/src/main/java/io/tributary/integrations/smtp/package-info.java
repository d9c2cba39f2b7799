/**
 * Sends e-mail by any SMTP server (RFC 5321, submission by RFC 6409 and 8314).
 *
 * <p>The Message-ID is made of the key of the effect, so that a message which is sent twice is one message to mail
 * clients. SMTP cannot tell whether it has a message: an execution whose answer to the end of the message got lost is
 * uncertain, and a person decides. Whatever fails before that end had no effect, and is tried again.
 */
@NullMarked
package io.tributary.integrations.smtp;

import org.jspecify.annotations.NullMarked;
