package io.facestream.embedded;

/** What a power cut may cost. Killing the server or this JVM costs nothing either way. */
public enum Durability {
    /** Loses nothing that was committed. */
    DURABLE,
    /** May lose everything: for tests, whose writes don't wait for the disk. */
    THROW_AWAY
}
