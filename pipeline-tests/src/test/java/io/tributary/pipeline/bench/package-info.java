@NullMarked
package io.tributary.pipeline.bench;

import org.jspecify.annotations.NullMarked;
