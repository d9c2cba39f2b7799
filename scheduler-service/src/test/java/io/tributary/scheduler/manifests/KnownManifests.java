package io.tributary.scheduler.manifests;

/** Manifests as they are once the topic has been read. */
public final class KnownManifests {

    private KnownManifests() {}

    public static Manifests of(String... json) {
        var manifests = new Manifests();
        for (String manifest : json) {
            manifests.put(Manifest.parse(manifest));
        }
        manifests.markCaughtUp();
        return manifests;
    }
}
