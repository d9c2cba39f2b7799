@NullMarked
package io.tributary.integrations.workbench.server;

import org.jspecify.annotations.NullMarked;
