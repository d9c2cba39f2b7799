/**
 * Runs integrations that are described by a YAML file: {@link
 * io.tributary.integrations.declarative.DeclarativeIntegration}. {@code docs/declarative-integrations.md} says what can
 * stand in the file; its JSON Schema is {@code tributary-integration.schema.json} in this package.
 *
 * <p>A file is read in three steps, each of which reports all it finds: {@link
 * io.tributary.integrations.declarative.YamlFile} knows lines and columns, {@link
 * io.tributary.integrations.declarative.CheckShape} compares with the JSON Schema, {@link
 * io.tributary.integrations.declarative.ReadDefinition} compiles it. At run time, {@link
 * io.tributary.integrations.declarative.ReadPage} is the task: one page of a stream.
 */
@NullMarked
package io.tributary.integrations.declarative;

import org.jspecify.annotations.NullMarked;
