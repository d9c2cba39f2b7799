/**
 * For integrations whose protocol is not HTTP: {@link
 * io.tributary.integrations.sockets.KeptConnections} keeps connections open between tasks, {@link
 * io.tributary.integrations.sockets.TryAddresses} opens one, {@link io.tributary.integrations.sockets.NamedTlsSockets}
 * secures it under the server's name, and {@link io.tributary.integrations.sockets.ConnectionFailures} turns its
 * exceptions into failures of a task.
 */
@NullMarked
package io.tributary.integrations.sockets;

import org.jspecify.annotations.NullMarked;
