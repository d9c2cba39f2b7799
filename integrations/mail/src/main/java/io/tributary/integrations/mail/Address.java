package io.tributary.integrations.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Someone in From, To or Cc (RFC 5322, section 3.4).
 *
 * @param name the display name, decoded; null when there is none
 * @param address as it stands in the header; may be no address at all in a malformed one, never empty
 */
public record Address(@Nullable String name, String address) {

    /** Reads a list of addresses; the members of a group are taken one by one, its name is dropped. */
    static List<Address> parseList(String field, Problems problems) {
        var addresses = new ArrayList<Address>();
        for (String item : items(field)) {
            if (addresses.size() == Bounds.ADDRESSES) {
                problems.add("more addresses than " + Bounds.ADDRESSES);
                break;
            }
            Address address = parse(item, problems);
            if (address != null) {
                addresses.add(address);
            }
        }
        return List.copyOf(addresses);
    }

    private static @Nullable Address parse(String item, Problems problems) {
        int open = indexOutsideQuotes(item, '<');
        int close = open < 0 ? -1 : item.indexOf('>', open);
        String name;
        String address;
        if (open >= 0) {
            name = item.substring(0, open);
            address = item.substring(open + 1, close < 0 ? item.length() : close);
        } else {
            // The old way: ada@example.org (Ada Lovelace)
            int comment = indexOutsideQuotes(item, '(');
            name = comment < 0 ? "" : item.substring(comment + 1).replaceFirst("\\)\\s*$", "");
            address = comment < 0 ? item : item.substring(0, comment);
        }
        String shown =
                Bounds.cut(EncodedWords.decode(unquoted(name.strip()), problems).strip(), Bounds.VALUE_CHARS);
        String plain = Bounds.cut(EncodedWords.decode(address.strip(), problems), Bounds.VALUE_CHARS);
        if (plain.isEmpty()) {
            return shown.isEmpty() ? null : new Address(null, shown);
        }
        return new Address(shown.isEmpty() ? null : shown, plain);
    }

    /** Splits at commas, and at the colon and semicolon of a group, outside of quotes, comments and brackets. */
    private static List<String> items(String field) {
        var items = new ArrayList<String>();
        boolean quoted = false;
        boolean bracketed = false;
        int comments = 0;
        int start = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"' && comments == 0) {
                quoted = !quoted;
            } else if (c == '(' && !quoted) {
                comments++;
            } else if (c == ')' && !quoted) {
                comments = Math.max(0, comments - 1);
            } else if (quoted || comments > 0) {
                // Whatever it is, it is part of the name.
            } else if (c == '<' || c == '[') {
                bracketed = true;
            } else if (c == '>' || c == ']') {
                bracketed = false;
            } else if (c == ':' && !bracketed) {
                start = i + 1;
            } else if ((c == ',' || c == ';') && !bracketed) {
                items.add(field.substring(start, i));
                start = i + 1;
            }
        }
        items.add(field.substring(start));
        return items;
    }

    private static int indexOutsideQuotes(String text, char wanted) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unquoted(String name) {
        return name.indexOf('"') < 0 ? name : name.replaceAll("\\\\(.)|\"", "$1");
    }
}
