@NullMarked
package io.tributary.integrations.slack;

import org.jspecify.annotations.NullMarked;
