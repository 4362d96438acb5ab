package dev.octet.profile.roofline;

/** What keeps a layer from being faster. */
public enum Bound {
    MEMORY,
    COMPUTE,
    /** Neither: it moves and computes nothing. */
    NONE
}
