package io.tributary.scheduler.addresses;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The addresses that users may configure.
 *
 * @param allowPrivateAddresses let through every address; default false. Workers have the same setting
 */
@ConfigurationProperties("tributary.http")
public record HttpProperties(@DefaultValue("false") boolean allowPrivateAddresses) {}
