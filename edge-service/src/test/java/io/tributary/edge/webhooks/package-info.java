@NullMarked
package io.tributary.edge.webhooks;

import org.jspecify.annotations.NullMarked;
