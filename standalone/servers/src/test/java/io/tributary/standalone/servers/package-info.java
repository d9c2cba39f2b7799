@NullMarked
package io.tributary.standalone.servers;

import org.jspecify.annotations.NullMarked;
