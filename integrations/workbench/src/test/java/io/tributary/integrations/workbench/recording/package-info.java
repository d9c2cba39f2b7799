@NullMarked
package io.tributary.integrations.workbench.recording;

import org.jspecify.annotations.NullMarked;
