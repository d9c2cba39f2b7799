@NullMarked
package io.tributary.integrations.workbench.certify;

import org.jspecify.annotations.NullMarked;
