@NullMarked
package io.tributary.integrations.workbench;

import org.jspecify.annotations.NullMarked;
