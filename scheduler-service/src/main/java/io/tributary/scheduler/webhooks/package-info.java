/** Webhooks: events posted to URLs of users, signed by Standard Webhooks (https://www.standardwebhooks.com). */
@NullMarked
package io.tributary.scheduler.webhooks;

import org.jspecify.annotations.NullMarked;
