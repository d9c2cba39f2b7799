package io.tributary.scheduler.kafka;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the schema registry is.
 *
 * @param url base URL of its Confluent API, such as {@code http://registry:8081}; several are separated by commas
 */
@ConfigurationProperties("tributary.schema-registry")
record SchemaRegistryProperties(@Nullable String url) {}
