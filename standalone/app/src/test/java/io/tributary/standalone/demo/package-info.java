@NullMarked
package io.tributary.standalone.demo;

import org.jspecify.annotations.NullMarked;
