/** That the pages for operators name what exists. */
@NullMarked
package io.tributary.pipeline.operations;

import org.jspecify.annotations.NullMarked;
