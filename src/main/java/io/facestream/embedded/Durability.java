package io.facestream.embedded;

/** What a power cut may cost; the server's or this JVM's being killed costs nothing either way. */
public enum Durability {
    /** Nothing that was committed. */
    DURABLE,
    /** Everything, for tests: writes don't wait for the disk. */
    THROW_AWAY
}
