/** What sinks do from time to time, one of them at a time: content past its retention, objects nothing refers to. */
@NullMarked
package io.tributary.sink.upkeep;

import org.jspecify.annotations.NullMarked;
