@NullMarked
package io.tributary.integrations.declarative;

import org.jspecify.annotations.NullMarked;
