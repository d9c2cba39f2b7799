/**
 * Sends push messages by the Apple Push Notification service: HTTP/2, with a token that a key of the team signs
 * (developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns).
 *
 * <p>{@code apns-id} and {@code apns-collapse-id} are made of the key of the effect. The service does not drop a
 * repeated id, but a device that got the first message replaces it by the second one. So an execution whose answer got
 * lost is uncertain, and a person decides.
 */
@NullMarked
package io.tributary.integrations.apns;

import org.jspecify.annotations.NullMarked;
