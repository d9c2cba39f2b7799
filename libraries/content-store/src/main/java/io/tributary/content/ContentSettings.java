package io.tributary.content;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of large content, the same for all services: {@code tributary.content}. With neither a folder nor a bucket
 * there is no store, and an item that does not fit a record is dead-lettered.
 *
 * @param folder a local folder that all services see; null: none
 * @param s3 a bucket; null: none. Not together with a folder
 * @param thresholdBytes content of more bytes of UTF-8 goes to the store, 1 to 2,097,152; null: 1,048,576
 */
public record ContentSettings(
        @Nullable Path folder, @Nullable S3 s3, @Nullable Integer thresholdBytes) {

    private static final int DEFAULT_THRESHOLD = 1024 * 1024;
    private static final int MAX_THRESHOLD = 2 * 1024 * 1024;

    /** No store. */
    public static final ContentSettings NONE = new ContentSettings(null, null, null);

    public ContentSettings {
        if (folder != null && s3 != null) {
            throw new IllegalArgumentException(
                    "tributary.content.folder and tributary.content.s3 are both set: content goes to one of them");
        }
        if (thresholdBytes != null && (thresholdBytes < 1 || thresholdBytes > MAX_THRESHOLD)) {
            throw new IllegalArgumentException("tributary.content.threshold-bytes is " + thresholdBytes
                    + "; it must be 1 to " + MAX_THRESHOLD + ", so that what is below fits a record");
        }
    }

    /** Larger content goes to the store, bytes. */
    public int threshold() {
        return Objects.requireNonNullElse(thresholdBytes, DEFAULT_THRESHOLD);
    }

    /** The store, which the caller closes; empty if none is set. Connects at its first use. */
    public Optional<ContentStore> open() {
        if (folder != null) {
            return Optional.of(new ContentFolder(folder));
        }
        return s3 == null ? Optional.empty() : Optional.of(ContentBucket.of(s3));
    }

    /**
     * A bucket of an S3-compatible store. The credentials come from the usual AWS variables, files and roles (
     * {@code AWS_ACCESS_KEY_ID}, ...), or from a file.
     *
     * @param bucket name of an existing bucket
     * @param endpoint URL of the store; null: Amazon's of the region
     * @param region null: {@code us-east-1}, which stores without regions accept as well
     * @param prefix prefix of the objects' names, such as {@code tributary/}; null: none
     * @param pathStyle whether the bucket is in the path of URLs rather than in the host; null: true with an endpoint
     * @param credentialsFile in the form of {@code ~/.aws/credentials}, profile {@code default}, such as a mounted
     *     secret; null: the usual places
     */
    public record S3(
            String bucket,
            @Nullable URI endpoint,
            @Nullable String region,
            @Nullable String prefix,
            @Nullable Boolean pathStyle,
            @Nullable Path credentialsFile) {

        @SuppressWarnings("ConstantValue") // a missing setting is bound as null
        public S3 {
            if (bucket == null || bucket.isBlank()) {
                throw new IllegalArgumentException("tributary.content.s3.bucket is missing");
            }
            if (prefix != null && !prefix.isEmpty() && !prefix.endsWith("/")) {
                throw new IllegalArgumentException("tributary.content.s3.prefix must end with a slash: " + prefix);
            }
        }

        String regionOrDefault() {
            return Objects.requireNonNullElse(region, "us-east-1");
        }

        String prefixOrNone() {
            return Objects.requireNonNullElse(prefix, "");
        }

        boolean usesPathStyle() {
            return Objects.requireNonNullElse(pathStyle, endpoint != null);
        }

        /** Prefix of references. */
        URI address() {
            return URI.create("s3://" + bucket + "/" + prefixOrNone());
        }
    }
}
