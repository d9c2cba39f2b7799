@NullMarked
package io.tributary.integrations.mail;

import org.jspecify.annotations.NullMarked;
