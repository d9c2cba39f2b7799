package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.ftp.RemoteFile.Kind;
import io.tributary.integrations.workbench.LocalContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages of a large directory name, and what they download. */
class ListDirectoryTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private final LocalContext context =
            LocalContext.empty().withConfig("protocol", "ftp").withConfig("host", "files.example.org");

    /** Names of 5 and of 1,000 bytes: the most files of a page, and the most bytes. */
    @ParameterizedTest
    @CsvSource({"23_000, ''", "7_000, x"})
    void namesEveryFileOnceWithinTheBoundsOfAResult(String count, String filler) throws Exception {
        List<String> names = IntStream.range(0, Integer.parseInt(count.replace("_", "")))
                .mapToObj(i -> "%05d".formatted(i * 7_919 % 100_000) + filler.repeat(995))
                .toList();

        List<TaskResult> pages = listAll(names, context);

        List<String> listed = pages.stream()
                .flatMap(page -> page.listing().externalIds().stream())
                .toList();
        assertThat(listed).hasSize(names.size()).doesNotHaveDuplicates();
        assertThat(new HashSet<>(listed))
                .isEqualTo(new HashSet<>(names.stream().map(name -> "/" + name).toList()));
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.listing().externalIds()).hasSizeLessThanOrEqualTo(10_000);
            assertThat(page.listing().externalIds().stream()
                            .mapToInt(String::length)
                            .sum())
                    .isLessThan(2_000_000);
            assertThat(page.tasks()).hasSizeLessThanOrEqualTo(ListDirectory.PAGE + 1);
        });
        assertThat(pages.stream()
                        .flatMap(page -> page.tasks().stream())
                        .filter(task -> task.type().equals(DownloadFile.TYPE)))
                .hasSize(names.size());
        assertThat(pages.getFirst().listing().everything()).isTrue();
    }

    @Test
    void namesNothingInARunOverARange() throws Exception {
        LocalContext bounded = context.withOptions(new Options(TIME, null, false));

        assertThat(listAll(List.of("a", "b"), bounded)).singleElement().satisfies(page -> {
            assertThat(page.tasks()).hasSize(2);
            assertThat(page.listing().everything()).isFalse();
            assertThat(page.listing().externalIds()).isEmpty();
        });
    }

    private static List<TaskResult> listAll(List<String> names, LocalContext context) throws Exception {
        var pages = new ArrayList<TaskResult>();
        @Nullable JsonObject next = JsonObject.EMPTY;
        while (next != null) {
            TaskResult page = new ListDirectory(next, context, FtpConfig.of(context.config())).apply(directory(names));
            pages.add(page);
            next = page.tasks().stream()
                    .filter(task -> task.type().equals(ListDirectory.TYPE))
                    .map(FollowUp::payload)
                    .findFirst()
                    .orElse(null);
        }
        return pages;
    }

    private static RemoteSession directory(List<String> names) {
        return new RemoteSession() {
            @Override
            public void list(RemotePath directory, Consumer<RemoteFile> each) {
                names.forEach(name -> each.accept(new RemoteFile(name, Kind.FILE, 1, TIME, false)));
            }

            @Override
            public @Nullable Version version(RemotePath file) {
                return null;
            }

            @Override
            public void read(RemotePath file, long from, FileBytes into) {}

            @Override
            public boolean isBroken() {
                return false;
            }

            @Override
            public void logout() {}

            @Override
            public void disconnect() {}
        };
    }
}
