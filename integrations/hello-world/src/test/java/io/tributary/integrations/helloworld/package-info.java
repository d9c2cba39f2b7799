@NullMarked
package io.tributary.integrations.helloworld;

import org.jspecify.annotations.NullMarked;
