package io.tributary.scheduler.notifications;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.recipients.Addresses;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Checks the addresses of a recipient. */
@Component
record CheckRecipient() {

    /** Longest address of a mailbox, RFC 5321. */
    private static final int MAX_EMAIL = 254;

    private static final int MAX_PHONE = 32;
    private static final int MAX_TOKEN = 4_096;
    private static final int MAX_USER = 255;

    // The provider has the last word. This keeps out what is no address, and line breaks.
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>,;:\"()\\[\\]\\\\]+@[^\\s@<>,;:\"()\\[\\]\\\\]+");

    void check(@Nullable Recipient to, String path, Violations violations) {
        if (to == null) {
            violations.add(path, "is missing");
            return;
        }
        violations.check(
                to.email() != null || to.phone() != null || to.deviceToken() != null || to.userId() != null,
                path,
                "must have email, phone, deviceToken or userId");
        violations.checkText(to.email(), MAX_EMAIL, path + "/email");
        violations.check(
                to.email() == null || EMAIL.matcher(to.email()).matches(),
                path + "/email",
                "must be an address such as ann@example.org");
        violations.checkText(to.phone(), MAX_PHONE, path + "/phone");
        violations.checkText(to.deviceToken(), MAX_TOKEN, path + "/deviceToken");
        violations.checkText(to.userId(), MAX_USER, path + "/userId");
    }

    /**
     * The recipient with the phone number in the form of E.164, without spaces and hyphens.
     *
     * @throws ApiException when the number is none
     */
    Recipient checkPhone(Recipient to, String path) {
        if (to.phone() == null) {
            return to;
        }
        return Addresses.phone(to.phone())
                .map(phone -> new Recipient(to.email(), phone, to.deviceToken(), to.userId()))
                .orElseThrow(() -> phoneInvalid(path));
    }

    private static ApiException phoneInvalid(String path) {
        return new ApiException(Problem.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "notifications.phoneInvalid",
                "The value at " + path + "/phone is no valid phone number. Give it in the form of E.164, with the"
                        + " country's code, such as +4915123456789."));
    }
}
