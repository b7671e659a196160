package io.facestream.web.oidc;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks whose access token it is, once its provider was asked. */
final class ProgramRequest extends BaseAuthenticationRequest {
    private final String token;
    private final Voucher voucher;

    ProgramRequest(String token, Voucher voucher) {
        this.token = token;
        this.voucher = voucher;
    }

    String token() {
        return token;
    }

    Voucher voucher() {
        return voucher;
    }
}
