/**
 * Avro messages in the Confluent wire format: a zero byte, the schema's id in the registry as 4 bytes, the message in
 * Avro's binary encoding. Works with any registry that has Confluent's API, and interoperates with Confluent's own
 * classes, whose property names it shares.
 */
@NullMarked
package io.tributary.schemas.serde;

import org.jspecify.annotations.NullMarked;
