/**
 * The contract between the services: Avro messages (generated from {@code src/main/avro}), {@link
 * io.tributary.schemas.Topics topics}, the {@code serde}, and the SQL migrations under {@code db/migration}.
 *
 * <p>Not null-marked as a whole: Avro's generator does not annotate the messages, and a field whose type is a union
 * with null can be null.
 */
package io.tributary.schemas;
