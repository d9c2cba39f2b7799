@NullMarked
package io.tributary.integrations.sockets;

import org.jspecify.annotations.NullMarked;
