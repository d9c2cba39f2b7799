/**
 * Doubles of providers: a {@link io.tributary.integrations.workbench.server.ScriptedHttpServer} for HTTP, and a {@link
 * io.tributary.integrations.workbench.server.TcpFaultProxy} before a server of another protocol. Both inject faults.
 */
@NullMarked
package io.tributary.integrations.workbench.server;

import org.jspecify.annotations.NullMarked;
