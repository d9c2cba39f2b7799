/** What a user and an organisation may have and do at most, so that one of them cannot harm the others. */
@NullMarked
package io.tributary.scheduler.quotas;

import org.jspecify.annotations.NullMarked;
