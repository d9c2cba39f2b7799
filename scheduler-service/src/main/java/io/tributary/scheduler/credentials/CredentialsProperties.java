package io.tributary.scheduler.credentials;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How credentials are sealed.
 *
 * @param keyset path of a Tink cleartext JSON keyset of AEAD keys; must be set
 */
@ConfigurationProperties("tributary.credentials")
record CredentialsProperties(@Nullable String keyset) {}
