@NullMarked
package io.tributary.integrations.http;

import org.jspecify.annotations.NullMarked;
