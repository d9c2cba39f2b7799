/** The catalogue of codes: that it is complete, and the pages that are generated from it. */
@NullMarked
package io.tributary.pipeline.codes;

import org.jspecify.annotations.NullMarked;
