/** The metrics of a service as a test scrapes them, and as docs/metrics.md lists them. */
@NullMarked
package io.tributary.standalone.metrics;

import org.jspecify.annotations.NullMarked;
