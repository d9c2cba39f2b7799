/** The topic of dead letters: sending what the sink sets aside, and storing what anybody set aside. */
@NullMarked
package io.tributary.sink.deadletter;

import org.jspecify.annotations.NullMarked;
