/** The smallest complete integration: copy it to start your own. */
@NullMarked
package io.tributary.integrations.helloworld;

import org.jspecify.annotations.NullMarked;
