package io.tributary.scheduler.notifications;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The input of the action {@code send}: {@code {"to": {...}, "subject", "text", "html", "data"}}. */
final class SendInput {

    private static final JsonMapper JSON = JsonMapper.shared();

    private SendInput() {}

    static ObjectNode of(String recipient, ObjectNode content) {
        var input = JSON.createObjectNode();
        input.set("to", JSON.readTree(recipient));
        input.setAll(content);
        return input;
    }
}
