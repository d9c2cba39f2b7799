package io.tributary.scheduler.recipients;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Locale;
import java.util.Optional;

/** The one form of an address in which it is sent to and compared. */
public final class Addresses {

    private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

    private Addresses() {}

    /** A phone number in the form of E.164; empty: it is none, or has no country. */
    public static Optional<String> phone(String text) {
        try {
            // Without a region, only a number with a plus sign and its country parses.
            var number = PHONES.parse(text, null);
            return PHONES.isValidNumber(number)
                    ? Optional.of(PHONES.format(number, PhoneNumberUtil.PhoneNumberFormat.E164))
                    : Optional.empty();
        } catch (NumberParseException _) {
            return Optional.empty();
        }
    }

    /** The form in which an address is compared: providers ignore the case of e-mail addresses. */
    public static String comparable(String address) {
        if (address.contains("@")) {
            return address.toLowerCase(Locale.ROOT);
        }
        return address.startsWith("+") ? phone(address).orElse(address) : address;
    }
}
