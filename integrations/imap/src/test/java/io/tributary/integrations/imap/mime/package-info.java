@NullMarked
package io.tributary.integrations.imap.mime;

import org.jspecify.annotations.NullMarked;
