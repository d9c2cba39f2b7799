@NullMarked
package io.tributary.integrations.testkit;

import org.jspecify.annotations.NullMarked;
