/** The store of content that is too large for a record: a local folder, or a bucket of an S3-compatible store. */
@NullMarked
package io.tributary.content;

import org.jspecify.annotations.NullMarked;
