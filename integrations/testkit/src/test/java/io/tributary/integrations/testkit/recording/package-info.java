@NullMarked
package io.tributary.integrations.testkit.recording;

import org.jspecify.annotations.NullMarked;
