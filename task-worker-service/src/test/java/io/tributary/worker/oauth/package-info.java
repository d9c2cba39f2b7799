@NullMarked
package io.tributary.worker.oauth;

import org.jspecify.annotations.NullMarked;
