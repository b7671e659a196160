package io.facestream.web.users;

/** Why the server closes a socket, in codes that are free for applications (RFC 6455, 7.4.2). */
public enum SocketEnding {
    SIGNED_OUT(4401),
    TOO_SLOW(4408),
    TOO_MANY(4429),
    NO_DATABASE(4503);

    private final int code;

    SocketEnding(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
