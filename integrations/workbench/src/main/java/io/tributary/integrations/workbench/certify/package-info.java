/**
 * The contract that every integration keeps to. An author describes the provider once, as a stateful double ({@link
 * io.tributary.integrations.workbench.certify.Provider}); a {@link
 * io.tributary.integrations.workbench.certify.Certification} checks the integration against it, in tests ({@link
 * io.tributary.integrations.testkit.CertifiedTests}) and outside of them.
 *
 * <p>A provider with a JSON API needs no Java: a {@link io.tributary.integrations.workbench.certify.StatefulApi} is
 * described in YAML.
 */
@NullMarked
package io.tributary.integrations.workbench.certify;

import org.jspecify.annotations.NullMarked;
