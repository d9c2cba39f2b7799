/** Webhooks: events posted to URLs of users, signed as Standard Webhooks (https://www.standardwebhooks.com) has it. */
@NullMarked
package io.tributary.scheduler.webhooks;

import org.jspecify.annotations.NullMarked;
