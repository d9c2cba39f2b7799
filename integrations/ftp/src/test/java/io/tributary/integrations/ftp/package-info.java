@NullMarked
package io.tributary.integrations.ftp;

import org.jspecify.annotations.NullMarked;
