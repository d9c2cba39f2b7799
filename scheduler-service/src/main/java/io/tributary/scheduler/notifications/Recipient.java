package io.tributary.scheduler.notifications;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * To whom a notification goes. A channel takes the address of its kind; at least one is there.
 *
 * @param email address such as {@code ann@example.org}, up to 254 characters
 * @param phone number in the form of E.164, such as {@code +4915123456789}
 * @param deviceToken token of a device, as the push provider's SDK gives it to the app; up to 4,096 characters
 * @param userId subject of a user of Tributary; up to 255 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Recipient(
        @Nullable String email,
        @Nullable String phone,
        @Nullable String deviceToken,
        @Nullable String userId) {}
