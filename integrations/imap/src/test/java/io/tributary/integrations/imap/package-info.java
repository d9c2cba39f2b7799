@NullMarked
package io.tributary.integrations.imap;

import org.jspecify.annotations.NullMarked;
