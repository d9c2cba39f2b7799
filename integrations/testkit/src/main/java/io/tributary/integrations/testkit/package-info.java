/**
 * For the tests of an integration: a {@link io.tributary.integrations.testkit.ConnectedAccount} syncs in memory as the
 * engine would, and a {@link io.tributary.integrations.testkit.TestContext} stands in for the worker's. A {@link
 * io.tributary.integrations.testkit.ScriptedHttpServer} is the provider.
 */
@NullMarked
package io.tributary.integrations.testkit;

import org.jspecify.annotations.NullMarked;
