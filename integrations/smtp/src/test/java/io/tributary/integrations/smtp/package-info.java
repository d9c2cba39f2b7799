@NullMarked
package io.tributary.integrations.smtp;

import org.jspecify.annotations.NullMarked;
