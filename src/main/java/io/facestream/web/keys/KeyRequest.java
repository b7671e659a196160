package io.facestream.web.keys;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks whose key it is. */
final class KeyRequest extends BaseAuthenticationRequest {
    private final String key;

    KeyRequest(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
