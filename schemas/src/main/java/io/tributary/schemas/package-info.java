/**
 * The contract between the services: Avro messages (generated from {@code src/main/avro}), {@link
 * io.tributary.schemas.Topics topics}, the {@link io.tributary.schemas.serde serde}, and the SQL migrations under
 * {@code db/migration}.
 */
@NullMarked
package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;
