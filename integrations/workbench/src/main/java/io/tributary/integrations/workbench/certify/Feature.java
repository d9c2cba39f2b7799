package io.tributary.integrations.workbench.certify;

/** What not every provider can do. A double that lacks one says why ({@link Provider#without}). */
public enum Feature {
    /** Items change after they were made. */
    CHANGES,
    /** Items go, and an integration can find out. */
    DELETIONS,
    /** The provider shows what is new in such a way that a second sync brings nothing. */
    MEMORY,
    /** Text of anybody's choice is part of items. */
    TEXT,
    /** The cursors of pages are the provider's own text, and go back to it. */
    CURSORS,
    /** Items have times, so that a run over a range can be asked for. */
    RANGES,
    /** Credentials expire and are renewed, as access tokens are. */
    RENEWAL,
    /** Access can be taken away. */
    REVOCATION
}
