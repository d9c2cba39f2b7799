package io.tributary.content;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Content as objects of an existing bucket. The store checks the SHA-256 of incoming content.
 *
 * <p>Any S3-compatible store: it does not use the extensions that newer clients send by default, such as checksums in
 * trailers.
 */
record ContentBucket(S3Client client, ContentSettings.S3 settings) implements ContentStore {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Longest wait for data of the store before the call counts as failed; the client tries three times. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** Connects at its first use. */
    static ContentBucket of(ContentSettings.S3 settings) {
        var builder = S3Client.builder()
                .region(Region.of(settings.regionOrDefault()))
                .credentialsProvider(credentials(settings.credentialsFile()))
                .forcePathStyle(settings.usesPathStyle())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .build());
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return new ContentBucket(builder.build(), settings);
    }

    private static AwsCredentialsProvider credentials(@Nullable Path file) {
        if (file == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        return ProfileCredentialsProvider.builder()
                .profileFile(ProfileFile.builder()
                        .content(file)
                        .type(ProfileFile.Type.CREDENTIALS)
                        .build())
                .build();
    }

    @Override
    public URI put(ContentKey key, byte[] content) throws IOException {
        String sha256 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(key.sha256()));
        var body = RequestBody.fromContentProvider(
                ContentStreamProvider.fromByteArrayUnsafe(content), content.length, "text/plain; charset=utf-8");
        try {
            client.putObject(
                    request -> request.bucket(settings.bucket()).key(name(key)).checksumSHA256(sha256), body);
            return key.under(settings.address());
        } catch (SdkException e) {
            throw away(e);
        }
    }

    @Override
    public Optional<StoredContent> open(ContentKey key) throws IOException {
        try {
            var object = client.getObject(
                    request -> request.bucket(settings.bucket()).key(name(key)));
            return Optional.of(new StoredContent(object.response().contentLength(), object));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw away(e);
        }
    }

    @Override
    public Page list(@Nullable String after, int limit) throws IOException {
        String prefix = settings.prefixOrNone();
        try {
            var found = client.listObjectsV2(request -> request.bucket(settings.bucket())
                    .prefix(prefix)
                    .startAfter(after == null ? null : prefix + after)
                    .maxKeys(limit));
            List<ContentKey> keys = new ArrayList<>(limit);
            String last = null;
            for (S3Object object : found.contents()) {
                last = object.key().substring(prefix.length());
                ContentKey.parse(last).ifPresent(keys::add);
            }
            return new Page(keys, Boolean.TRUE.equals(found.isTruncated()) ? last : null);
        } catch (SdkException e) {
            throw away(e);
        }
    }

    @Override
    public void delete(ContentKey key) throws IOException {
        try {
            client.deleteObject(request -> request.bucket(settings.bucket()).key(name(key)));
        } catch (SdkException e) {
            throw away(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private String name(ContentKey key) {
        return settings.prefixOrNone() + key;
    }

    /** Without the client's message, which may quote a request. */
    private static IOException away(SdkException e) {
        if (e instanceof S3Exception answer && answer.statusCode() > 0) {
            String code = answer.awsErrorDetails() == null
                    ? ""
                    : " " + answer.awsErrorDetails().errorCode();
            return new IOException("the store answered " + answer.statusCode() + code, e);
        }
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return new IOException("the store cannot be reached (" + root.getClass().getSimpleName() + ")", e);
    }
}
