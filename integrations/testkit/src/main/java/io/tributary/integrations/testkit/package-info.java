/**
 * The JUnit side of an integration's tests: {@link io.tributary.integrations.testkit.CertifiedTests} runs the
 * certification of {@code integrations/workbench} as tests. The workbench has all the rest: syncs in memory, servers
 * with faults, time that a test moves, recordings.
 */
@NullMarked
package io.tributary.integrations.testkit;

import org.jspecify.annotations.NullMarked;
