@NullMarked
package io.tributary.integrations.apns;

import org.jspecify.annotations.NullMarked;
