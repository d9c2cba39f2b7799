package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemotePathTest {

    @Test
    void doesNotMindHowAPersonWritesIt() {
        assertThat(RemotePath.of("a//b/./c/").text()).isEqualTo("/a/b/c");
        assertThat(RemotePath.of("//").text()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "..", "/a\\..\\b", "/a\0b"})
    void refusesPathsThatLeadElsewhere(String path) {
        assertThatThrownBy(() -> RemotePath.of(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "..\\a", "a\0"})
    void refusesNamesThatAreNone(String name) {
        assertThat(RemotePath.isName(name)).isFalse();
        assertThatThrownBy(() -> RemotePath.of("/x").child(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "a..b", " ", "back\\slash", "a\nb", "-rf"})
    void takesNamesThatAreOddOnly(String name) {
        assertThat(RemotePath.of("/").child(name).text()).isEqualTo("/" + name);
    }

    @Test
    void findsBackToItsBytes() {
        RemotePath utf8 = RemotePath.of("/Grüße");
        RemotePath latin1 = RemotePath.of("/x").child("Gr\u00fc\u00dfe");

        assertThat(latin1.text()).isEqualTo("/x/Grüße");
        assertThat(RemotePath.of(utf8.payload())).isEqualTo(utf8);
        assertThat(RemotePath.of(latin1.payload())).isEqualTo(latin1);
        assertThat(utf8.payload().has("bytes")).isFalse();
    }
}
