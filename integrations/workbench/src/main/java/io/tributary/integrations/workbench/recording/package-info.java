/**
 * HTTP that was recorded: {@link io.tributary.integrations.workbench.recording.RecordExchanges} keeps what an
 * integration exchanges with its provider, without what is secret, and {@link
 * io.tributary.integrations.workbench.recording.ReplayExchanges} answers from it without a network.
 */
@NullMarked
package io.tributary.integrations.workbench.recording;

import org.jspecify.annotations.NullMarked;
