package io.tributary.integrations.apns;

import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.util.ApnsPayloadBuilder;
import com.eatthepath.pushy.apns.util.SimpleApnsPayloadBuilder;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Composes a message of an input: an alert, or without title and text a message to the app alone. */
record ComposePush(String topic, Instant now) {

    SimpleApnsPushNotification of(JsonObject input, Effect effect) throws TaskFailure.Permanent {
        String token = input.object("to").text("deviceToken").orElse("").replaceAll("[^0-9A-Fa-f]", "");
        if (token.isEmpty()) {
            throw new TaskFailure.Permanent(
                    "apns.badDeviceToken", "There is no token of a device in to.deviceToken.", null);
        }
        String title = input.text("subject").orElse("");
        String text = input.text("text").orElse("");
        boolean alert = !title.isEmpty() || !text.isEmpty();
        ApnsPayloadBuilder payload = new SimpleApnsPayloadBuilder();
        if (!title.isEmpty()) {
            payload.setAlertTitle(title);
        }
        if (!text.isEmpty()) {
            payload.setAlertBody(text);
        }
        if (!alert) {
            payload.setContentAvailable(true);
        }
        input.object("data").values().forEach((name, value) -> {
            if (!name.equals("aps") && value != null) {
                payload.addCustomProperty(name, value);
            }
        });
        return new SimpleApnsPushNotification(
                token,
                topic,
                payload.build(),
                now.plus(SimpleApnsPushNotification.DEFAULT_EXPIRATION_PERIOD),
                alert ? DeliveryPriority.IMMEDIATE : DeliveryPriority.CONSERVE_POWER,
                alert ? PushType.ALERT : PushType.BACKGROUND,
                effect.keyHash(), // 64 characters, the most that apns-collapse-id may have.
                UUID.nameUUIDFromBytes(("tributary:" + effect.key()).getBytes(StandardCharsets.UTF_8)));
    }
}
