package io.tributary.sink.output;

/**
 * What a row of content says already.
 *
 * @param hash of its content; empty where only a deletion is known
 * @param runSequence of the run that has the last word so far
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never changed; rows are not compared
record StoredRow(long id, byte[] hash, long runSequence, boolean deleted) {}
