package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressTest {

    private final Problems problems = new Problems();

    @Test
    void readsTheCommonForms() {
        assertThat(parse("ada@example.org, Ada <ada@example.org>, \"Lovelace, Ada\" <ada@example.org>"))
                .containsExactly(
                        new Address(null, "ada@example.org"),
                        new Address("Ada", "ada@example.org"),
                        new Address("Lovelace, Ada", "ada@example.org"));
    }

    @Test
    void decodesNames() {
        assertThat(parse("=?utf-8?Q?J=C3=BCrgen?= <j@example.org>"))
                .containsExactly(new Address("Jürgen", "j@example.org"));
        assertThat(parse("\"=?utf-8?Q?J=C3=BCrgen?=\" <j@example.org>"))
                .containsExactly(new Address("Jürgen", "j@example.org"));
        assertThat(parse("\"The \\\"Count\\\"\" <c@example.org>"))
                .containsExactly(new Address("The \"Count\"", "c@example.org"));
    }

    @Test
    void readsTheOldFormWithTheNameInAComment() {
        assertThat(parse("ada@example.org (Ada Lovelace)"))
                .containsExactly(new Address("Ada Lovelace", "ada@example.org"));
    }

    @Test
    void takesTheMembersOfAGroup() {
        assertThat(parse("friends: ada@example.org, Bob <bob@example.org>;, carol@example.org"))
                .extracting(Address::address)
                .containsExactly("ada@example.org", "bob@example.org", "carol@example.org");
        assertThat(parse("undisclosed-recipients:;")).isEmpty();
    }

    @Test
    void readsAddressLiterals() {
        assertThat(parse("root@[IPv6:2001:db8::1], Eve <eve@[192.0.2.1]>"))
                .extracting(Address::address)
                .containsExactly("root@[IPv6:2001:db8::1]", "eve@[192.0.2.1]");
    }

    @Test
    void keepsWhatIsNoAddress() {
        assertThat(parse("just words")).containsExactly(new Address(null, "just words"));
        assertThat(parse("Ada <ada@example.org")).containsExactly(new Address("Ada", "ada@example.org"));
        assertThat(parse("<>")).isEmpty();
        assertThat(parse("Ada <>")).containsExactly(new Address(null, "Ada"));
        assertThat(parse(", ,;\\")).extracting(Address::address).containsExactly("\\");
        assertThat(parse("\"never closed <ada@example.org>")).hasSize(1);
    }

    @Test
    void keepsSoManyAddressesAndSaysSo() {
        assertThat(parse("a@example.org,".repeat(2_000))).hasSize(Bounds.ADDRESSES);
        assertThat(problems.list()).containsExactly("more addresses than 500");
    }

    private List<Address> parse(String field) {
        return Address.parseList(field, problems);
    }
}
