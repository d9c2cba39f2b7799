@NullMarked
package io.tributary.integrations.github;

import org.jspecify.annotations.NullMarked;
