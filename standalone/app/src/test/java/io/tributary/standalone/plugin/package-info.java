@NullMarked
package io.tributary.standalone.plugin;

import org.jspecify.annotations.NullMarked;
