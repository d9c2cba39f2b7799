package io.tributary.integrations.ftp;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.Feature;
import io.tributary.integrations.workbench.certify.HostileText;
import io.tributary.integrations.workbench.certify.Provider;
import io.tributary.integrations.workbench.certify.Wire;
import io.tributary.integrations.workbench.server.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link TestServer} for the certification: items are files, in three directories by turns. */
final class FtpProvider implements Provider {

    private static final List<String> DIRECTORIES = List.of("", "/in", "/in/deep");

    private static final Map<Feature, String> LACKS = Map.of(
            Feature.CURSORS, "a directory is listed as a whole",
            Feature.RENEWAL, "a password is not renewed");

    private final Path folder;
    private final String protocol;
    private final TestServer server;
    private final TcpFaultProxy proxy;
    private int happened;

    FtpProvider(String protocol) {
        try {
            folder = Files.createTempDirectory("tributary-ftp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.protocol = protocol;
        server = TestServer.start(protocol, folder);
        proxy = TcpFaultProxy.to(server.port());
    }

    @Override
    public Integration integration() {
        return new FtpIntegration();
    }

    @Override
    public JsonObject config() {
        var config = new HashMap<String, @Nullable Object>(server.config());
        config.computeIfPresent(
                "knownHosts",
                (key, line) -> String.valueOf(line).replace(":" + server.port() + " ", ":" + proxy.port() + " "));
        return new JsonObject(config).with("host", TestServer.NAME).with("port", proxy.port());
    }

    @Override
    public Map<String, String> credentials() {
        return Map.of("username", TestServer.USER, "password", TestServer.PASSWORD);
    }

    @Override
    public Map<String, InetAddress> hosts() {
        return Map.of(TestServer.NAME, InetAddress.getLoopbackAddress());
    }

    @Override
    public Wire wire() {
        return new Wire.Tcp(proxy);
    }

    @Override
    public Optional<String> without(Feature feature) {
        return Optional.ofNullable(LACKS.get(feature));
    }

    @Override
    public String addText(String text) {
        Instant now = now();
        String path = DIRECTORIES.get(happened % DIRECTORIES.size()) + "/file-" + happened;
        server.file(path.substring(1), HostileText.bytes(text), now);
        return path;
    }

    @Override
    public List<String> add(int count) {
        return IntStream.range(0, count).mapToObj(i -> addText("hello")).toList();
    }

    @Override
    public void change(String externalId) {
        server.file(externalId.substring(1), "changed".getBytes(StandardCharsets.US_ASCII), now());
    }

    private Instant now() {
        return START.plusSeconds(++happened);
    }

    @Override
    public void delete(String externalId) {
        try {
            Files.delete(folder.resolve(externalId.substring(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void revoke() {
        server.revoke();
        proxy.dropConnections();
    }

    /** In each directory one, and two in one of them: a page has thousands. */
    @Override
    public int itemsOfThreePages() {
        return 4;
    }

    /** Each place is some logins to a real server. */
    @Override
    public int mostPlaces() {
        return 4;
    }

    /** A few commands for each directory; SSH speaks in smaller pieces. */
    @Override
    public int mostRequestsWhenNothingIsNew() {
        return protocol.equals("sftp") ? 8 * DIRECTORIES.size() : 4 * DIRECTORIES.size();
    }

    @Override
    public void close() {
        proxy.close();
        try {
            server.close();
            deleteFolder();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
