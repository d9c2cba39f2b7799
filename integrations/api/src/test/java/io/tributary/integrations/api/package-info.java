@NullMarked
package io.tributary.integrations.api;

import org.jspecify.annotations.NullMarked;
