@NullMarked
package io.tributary.integrations.testkit.certify;

import org.jspecify.annotations.NullMarked;
