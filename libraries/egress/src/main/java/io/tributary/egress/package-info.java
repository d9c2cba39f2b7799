/**
 * Calls to hosts that users name. A user must not reach what only our servers can, so the addresses of a host are
 * checked where the connection is made.
 *
 * <pre>
 *   TokenEndpoint --> Outbound --> EgressClient --> Hosts (PublicHosts) --> PublicAddresses
 * </pre>
 */
@NullMarked
package io.tributary.egress;

import org.jspecify.annotations.NullMarked;
