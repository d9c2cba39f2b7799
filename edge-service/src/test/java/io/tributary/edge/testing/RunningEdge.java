package io.tributary.edge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.edge.EdgeApplication;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import io.tributary.schemas.WebhookEndpoint;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.secrets.Keyset;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole edge on real servers, with topics of its own, and sentences about what it stored. */
public record RunningEdge(
        ConfigurableApplicationContext context, Topics topics, Servers servers, Keyset keyset, HttpClient http)
        implements AutoCloseable {

    /** Where Kafka and the registry are. */
    public record Servers(String kafka, String registry) {}

    /** A response. */
    public record Answer(int status, String body, @Nullable HttpResponse<String> response) {

        /** The value of a header; empty: it has none. */
        public String header(String name) {
            return response == null ? "" : response.headers().firstValue(name).orElse("");
        }
    }

    /** Starts one that knows these webhooks by domain, and returns when it is ready. */
    public static RunningEdge start(
            Path folder, Servers servers, Map<String, String> webhooks, Map<String, String> settings) {
        var topics = new Topics("e" + UUID.randomUUID().toString().substring(0, 8));
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers.kafka()))) {
            topics.createMissing(admin, 3, (short) 1);
        }
        Path file = writeKeyset(folder);
        webhooks.forEach((domain, webhook) -> announce(topics, servers, domain, Platforms.manifest(domain, webhook)));
        var properties = new HashMap<>(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "management.server.port", "0",
                "spring.kafka.bootstrap-servers", servers.kafka(),
                "tributary.schema-registry.url", servers.registry(),
                "tributary.topics.prefix", topics.prefix(),
                "tributary.topics.replication-factor", "1",
                "tributary.topics.allow-single-replica", "true",
                "tributary.credentials.keyset", file.toString()));
        properties.putAll(settings);
        var arguments = new ArrayList<String>();
        properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        var context = EdgeApplication.application().run(arguments.toArray(String[]::new));
        try {
            var edge = new RunningEdge(context, topics, servers, Keyset.of(file), HttpClient.newHttpClient());
            await().atMost(Duration.ofMinutes(3)).until(edge::ready);
            return edge;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path writeKeyset(Path folder) {
        try {
            AeadConfig.register();
            var handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            return Files.writeString(
                    folder.resolve("keyset.json"),
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it says that it is ready. */
    public boolean ready() {
        String port = context.getEnvironment().getRequiredProperty("local.management.port");
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness")))
                        .status()
                == 200;
    }

    private static void announce(Topics topics, Servers servers, String domain, String manifest) {
        send(
                servers,
                topics.integrations(),
                domain,
                IntegrationManifest.newBuilder()
                        .setDomain(domain)
                        .setVersion("1")
                        .setManifest(manifest)
                        .setAt(Instant.now())
                        .build());
    }

    /** Publishes an endpoint of an account, as the scheduler does, and returns its path once the edge knows it. */
    public String endpoint(String domain, String secret) {
        return endpoint(domain, UUID.randomUUID(), "{\"secret\": \"" + secret + "\"}");
    }

    /**
     * The same with all that can be set.
     *
     * @param userIntegrationId null: of a provider app
     */
    public String endpoint(String domain, @Nullable UUID userIntegrationId, String secretJson) {
        UUID key = UUID.randomUUID();
        send(
                servers,
                topics.webhookEndpoints(),
                key.toString(),
                WebhookEndpoint.newBuilder()
                        .setKey(key)
                        .setDomain(domain)
                        .setUserIntegrationId(userIntegrationId)
                        .setSecret(ByteBuffer.wrap(keyset.seal(secretJson.getBytes(UTF_8), key)))
                        .setAt(Instant.now())
                        .build());
        String path = "/webhooks/" + domain + "/" + key;
        await().atMost(Duration.ofMinutes(2)).until(() -> get(path).status() != 404);
        return path;
    }

    /** Deletes an endpoint, as the scheduler does. */
    public void deleteEndpoint(String path) {
        send(servers, topics.webhookEndpoints(), path.substring(path.lastIndexOf('/') + 1), null);
    }

    private static void send(Servers servers, String topic, String key, @Nullable SpecificRecord record) {
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(serde(servers), false);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.kafka(), "acks", "all"), new StringSerializer(), serializer)) {
            producer.send(new ProducerRecord<>(topic, key, record)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> serde(Servers servers) {
        return Map.of("schema.registry.url", servers.registry());
    }

    /** The webhooks that are on the topic now. */
    public List<IncomingWebhook> stored() {
        var deserializer = new AvroDeserializer<IncomingWebhook>();
        deserializer.configure(serde(servers), false);
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers.kafka()), new StringDeserializer(), deserializer)) {
            var partitions = consumer.partitionsFor(topics.webhooks()).stream()
                    .map(partition -> new TopicPartition(topics.webhooks(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<IncomingWebhook>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(record.value()));
            }
            return records;
        }
    }

    /** The bodies of the webhooks that are on the topic now. */
    public List<String> storedBodies() {
        return stored().stream()
                .map(webhook -> UTF_8.decode(webhook.getBody()).toString())
                .toList();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    public Answer get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    public Answer post(String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            return new Answer(-1, String.valueOf(e), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The HMAC-SHA256 of a text, in hexadecimal. */
    public static String hmac(String secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
