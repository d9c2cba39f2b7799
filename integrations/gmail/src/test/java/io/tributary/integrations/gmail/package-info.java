@NullMarked
package io.tributary.integrations.gmail;

import org.jspecify.annotations.NullMarked;
