package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemListingTest {

    private final SystemListing listing = new SystemListing();

    @Test
    void readsUnix() {
        assertThat(read("""
            total 12
            drwxr-xr-x   2 ftp      ftp          4096 Mar 01  2025 .
            drwxr-xr-x   2 ftp      ftp          4096 Mar 01  2025 ..
            drwxr-xr-x   2 ftp      ftp          4096 Mar 01  2025 in box
            -rw-r--r--   1 1000     1000           12 Mar 01  2025  two  spaces
            -rw-r--r--+  1 ftp      domain users    5 2025-03-01 10:20 iso.txt
            lrwxrwxrwx   1 ftp      ftp             7 Mar 01  2025 link -> to
            srw-r--r--   1 ftp      ftp             0 Mar 01  2025 socket
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size, file -> day(file))
                .containsExactly(
                        tuple("in box", Kind.DIRECTORY, 4096L, "2025-03-01"),
                        tuple(" two  spaces", Kind.FILE, 12L, "2025-03-01"),
                        tuple("iso.txt", Kind.FILE, 5L, ""),
                        tuple("link", Kind.LINK, 7L, "2025-03-01"),
                        tuple("socket", Kind.OTHER, 0L, "2025-03-01"));
        assertThat(listing.unreadable()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "insgesamt 4, Mär 10, -03-10",
        "insgesamt 4, 10. Okt, -10-10",
        "total 4, févr. 10, -02-10",
        "total 4, 10 août, -08-10",
        "razem 4, gru 10, -12-10",
        "итого 4, дек 10, -12-10",
        "итого 4, мая 10, -05-10",
        "总用量 4, 1月 10, -01-10",
        "合計 4, 11月 10日, -11-10",
        "합계 4, 3월 10, -03-10",
        "totaal 4, mrt 10, -03-10",
        "yhteensä 4, maalis 10, -03-10",
        "total 4, Sept 10, -09-10",
        "total 4, Mar 10, -03-10",
    })
    void readsMonthsInTheLanguageOfTheServer(String total, String date, String monthAndDay) {
        List<RemoteFile> files = read(total + "\n-rw-r--r--   1 1000     1000            7 " + date + "  2025 ä.csv\n");

        assertThat(files).singleElement().satisfies(file -> {
            assertThat(file.name()).isEqualTo(RemotePath.wireOf("ä.csv"));
            assertThat(file.size()).isEqualTo(7);
            assertThat(day(file)).isEqualTo("2025" + monthAndDay);
            assertThat(file.rough()).isTrue();
        });
        assertThat(listing.unreadable()).isEmpty();
    }

    /** November to Poles, October to Croats. */
    @Test
    void aFileWhoseMonthIsNotKnownHasNoTime() {
        assertThat(read("""
            -rw-r--r--   1 ftp      ftp             7 lis 10 2025 a
            -rw-r--r--   1 ftp      ftp             8 Xyzzy 10 09:00 b
            """))
                .extracting(RemoteFile::name, RemoteFile::size, RemoteFile::modifiedAt)
                .containsExactly(tuple("a", 7L, null), tuple("b", 8L, null));
    }

    @ParameterizedTest
    @CsvSource({".", "+", "@", "''"})
    void readsModesWithAMark(String mark) {
        assertThat(read("""
            -rw-r--r--%s 1 ftp      ftp             7 Mar 10 2025 a
            -rw-r--r--%<s 1 ftp      ftp             7 Mar 10 2025 ends with .
            drwxr-xr-x%<s 1 ftp      ftp             7 Mar 10 2025 ..
            """.formatted(mark))).extracting(RemoteFile::name).containsExactly("a", "ends with .");
    }

    /** Lines that other clients read wrongly, by their public reports. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        filesystem_spec#2043 | -rw-r--r-- 1 owner group 38283 Jan 12 2025 my file.pdf                            | my file.pdf
        yii2-ftp#3           | -rw-r--r--    1 0        0             188 Apr 15 15:46 2016-Greenscreen studio.xml| 2016-Greenscreen studio.xml
        jlaffaye/ftp#151     | lrwxrwxrwx 1 0 1001 23 Jul 11  2014 Mac-GUI-1.64.tar.gz -> old/Mac-GUI-1.64.tar.gz| Mac-GUI-1.64.tar.gz
        cakephp-ftp#1        | -rwx------+   3 cguess  staff      102 Sep  7 10:52 Screen shot 2010-12-17 at 4.15.07 PM | Screen shot 2010-12-17 at 4.15.07 PM
        fireftp#139          | -rw-r--r-- 1 owner my group name 12 Jan 23 2014 myFile.txt                        | myFile.txt
        FluentFTP#739        | drwxr-xr-x    2 1001       ftp              4096 Jul 19 16:33 Tom, Russ, Michael   | Tom, Russ, Michael
        php-ftp-wrapper#1    | 07-25-13  05:49AM             17919077 dummyfile                                  | dummyfile
        php-ftp-wrapper#1    | 12-22-11  08:21PM       <DIR>          dummydir                                   | dummydir
        """)
    void readsNamesThatOthersReadWrongly(String report, String line, String name) {
        assertThat(read(line + "\n")).as(report).extracting(RemoteFile::name).containsExactly(name);
        assertThat(listing.unreadable()).as(report).isEmpty();
    }

    @Test
    void readsNamesThatAreNotUtf8() {
        String latin = "-rw-r--r--   1 ftp      ftp             7 M\u00e4r 10 2025 \u00e4.csv";

        assertThat(listing.file(latin)).hasValueSatisfying(file -> {
            assertThat(file.name()).isEqualTo("\u00e4.csv");
            assertThat(day(file)).isEqualTo("2025-03-10");
        });
    }

    @Test
    void readsWindows() {
        assertThat(read("""
            11-09-25  12:30PM       <DIR>          .
            11-09-25  12:30PM       <DIR>          old files
            11-09-25  12:30PM                 1234 a.txt
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size, file -> day(file))
                .containsExactly(
                        tuple("old files", Kind.DIRECTORY, 0L, "2025-11-09"),
                        tuple("a.txt", Kind.FILE, 1234L, "2025-11-09"));
        assertThat(listing.unreadable()).isEmpty();
    }

    @Test
    void readsIbmI() {
        assertThat(read("""
            QSYS         4096 25/03/02 10:11:12 *DIR       reports/
            QSYS           11 25/03/01 10:11:12 *STMF      sums of may.csv
            QPGMR                               *MEM       LIB.FILE/A.MBR
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size, file -> day(file))
                .containsExactly(
                        tuple("reports", Kind.DIRECTORY, 4096L, "2025-03-02"),
                        tuple("sums of may.csv", Kind.FILE, 11L, "2025-03-01"),
                        tuple("LIB.FILE/A.MBR", Kind.FILE, -1L, ""));
        assertThat(listing.unreadable()).isEmpty();
    }

    @Test
    void readsDataSetsAndMembersOfZos() {
        assertThat(read("""
            Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
            WRK001 3390   2025/03/01  1   15  FB      80  8000  PS   DAILY.SUMS
            WRK001 3390   2025/03/01  2   31  F       80    80  PO   DAILY.SOURCE
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size)
                .containsExactly(tuple("DAILY.SUMS", Kind.FILE, -1L), tuple("DAILY.SOURCE", Kind.DIRECTORY, -1L));
        assertThat(listing.unreadable()).isEmpty();

        assertThat(read(new SystemListing(), """
             Name     VV.MM   Created       Changed      Size  Init   Mod   Id
            SUMS      01.03 2025/02/12 2025/03/01 16:20     5     5     0 ADA
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, file -> day(file))
                .containsExactly(tuple("SUMS", Kind.FILE, "2025-03-01"));
    }

    @Test
    void readsVms() {
        assertThat(read("""
            Directory USERS:[ADA]

            SUMS.TXT;3              1/3    1-MAR-2025 16:20:01  [ADA,USER] (RWED,RWED,RE,)
            A_LONG_NAME_FOR_A_FILE_OF_SUMS.TXT;1
                                    2/3    2-MAR-2025 16:20:01  [ADA,USER] (RWED,RWED,RE,)
            OLD.DIR;1               1/3    3-MAR-2025 16:20:01  [ADA,USER] (RWE,RWE,RE,)

            Total of 3 files, 4 blocks.
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size, file -> day(file))
                .containsExactly(
                        tuple("SUMS.TXT", Kind.FILE, -1L, "2025-03-01"),
                        tuple("A_LONG_NAME_FOR_A_FILE_OF_SUMS.TXT", Kind.FILE, -1L, "2025-03-02"),
                        tuple("OLD", Kind.DIRECTORY, -1L, "2025-03-03"));
        assertThat(listing.unreadable()).isEmpty();
    }

    @Test
    void readsNetwareAndMacOs() {
        assertThat(read("""
            d [R----F--] admin                          512       Mar 01  2025    login
            - [R----F--] admin                         1536       Mar 02  2025    sums.txt
            """))
                .extracting(RemoteFile::name, RemoteFile::kind, RemoteFile::size, file -> day(file))
                .containsExactly(
                        tuple("login", Kind.DIRECTORY, 512L, "2025-03-01"),
                        tuple("sums.txt", Kind.FILE, 1536L, "2025-03-02"));

        assertThat(read(new SystemListing(), """
            drwxrwxr-x               folder        0 Mar 01  2025 old
            -rw-r--r--     0           1234     1234 Mar 02  2025 sums.txt
            """))
                .extracting(RemoteFile::name, RemoteFile::kind)
                .containsExactly(tuple("old", Kind.DIRECTORY), tuple("sums.txt", Kind.FILE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "total 0",
                "insgesamt 0",
                "total 0\n",
            })
    void anEmptyListingIsEmpty(String lines) {
        assertThat(read(lines)).isEmpty();
        assertThat(listing.isAnyRead()).isFalse();
        assertThat(listing.unreadable()).isEmpty();
    }

    @Test
    void aListingThatIsNotUnderstoodIsNotEmpty() {
        assertThat(read("sums.csv | 7 | 1 Mar\nold/ | 0 | 2 Mar\n")).isEmpty();
        assertThat(listing.isAnyRead()).isFalse();
        assertThat(listing.unreadable()).contains("sums.csv | 7 | 1 Mar");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-rw-r--r-- half a line",
                "ls: x: Permission denied",
                "sums.csv;1",
                "Migrated                                                 DAILY.OLD",
            })
    void aLineThatIsNotUnderstoodIsKept(String line) {
        read("-rw-r--r--   1 ftp      ftp             7 Mar 10 2025 a\n" + line + "\n");

        assertThat(listing.isAnyRead()).isTrue();
        assertThat(listing.unreadable())
                .hasValueSatisfying(kept -> assertThat(kept.strip()).isEqualTo(line));
    }

    @Test
    void takesLittleTimeForTheWorstLine() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            listing.file("-rw-r--r-- " + "1 ".repeat(8_000));
            listing.file("-rw-r--r-- " + " ".repeat(16_000));
            listing.file("-rw-r--r-- " + "1".repeat(16_000));
            listing.file("-rw-r--r-- 1 Mar 10 ".repeat(800));
        });
    }

    private List<RemoteFile> read(String lines) {
        return read(listing, lines);
    }

    private static List<RemoteFile> read(SystemListing listing, String lines) {
        return new String(lines.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .lines()
                .map(listing::file)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String day(RemoteFile file) {
        return file.modifiedAt() == null ? "" : file.modifiedAt().toString().substring(0, 10);
    }
}
