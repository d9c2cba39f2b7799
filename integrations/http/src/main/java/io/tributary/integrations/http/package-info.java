/**
 * The SPI's {@link io.tributary.integrations.api.Http}, on Apache HttpClient: one pool of connections a process, and a
 * client of it for each task. For the worker and the testkit; integrations see the SPI only.
 */
@NullMarked
package io.tributary.integrations.http;

import org.jspecify.annotations.NullMarked;
