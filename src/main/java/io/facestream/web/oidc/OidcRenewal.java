package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.messaging.Sha256;
import io.facestream.web.ProblemException;
import io.facestream.web.users.Renewal;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Has a session go on past its ID token while the provider still vouches for its user. One replica asks, once, for all
 * requests that come meanwhile. What the provider refuses ends the session; while it does not answer, nobody gets in.
 */
@ApplicationScoped
class OidcRenewal implements Renewal {
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    /** Before the database is asked again whether another request's renewal is over; doubled each time, to a limit. */
    private static final long PAUSE_MILLIS = 50;

    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final OidcProvider provider;
    private final OidcConfig config;
    private final OidcSessions sessions;

    OidcRenewal(OidcProvider provider, OidcConfig config, OidcSessions sessions) {
        this.provider = provider;
        this.config = config;
        this.sessions = sessions;
    }

    @Override
    public Uni<Boolean> renew(String token, RoutingContext context, IdentityProviderManager identities) {
        if (!provider.isForPeople()) {
            return Uni.createFrom().item(false);
        }
        byte[] sha256 = Sha256.of(token.getBytes(US_ASCII));
        byte[] key = provider.sealKey(token);
        return claim(sha256, System.nanoTime() + PATIENCE.toNanos(), PAUSE_MILLIS, context)
                .flatMap(claim -> {
                    Optional<SessionTokens> tokens =
                            claim.sealed().flatMap(renewal -> SessionTokens.unseal(renewal, key));
                    return tokens.isEmpty()
                            ? Uni.createFrom().item(claim.isOpen())
                            : ask(tokens.get(), context, identities)
                                    .flatMap(renewed -> blocking(context, () -> settle(sha256, key, renewed)))
                                    .onFailure()
                                    .call(() -> blocking(context, () -> {
                                        sessions.release(sha256);
                                        return true;
                                    }));
                });
    }

    /** What the provider says now; null for the identity if it no longer vouches for anybody. */
    private record Answer(SecurityIdentity person, SessionTokens tokens) {}

    /**
     * Waits for whoever asks already. That takes no thread: all requests have to share them, and those of others are
     * not to wait for a provider that does not answer.
     *
     * @param end until when, of {@link System#nanoTime}
     * @param millis before the database is asked again
     */
    private Uni<OidcSessions.Claim> claim(byte[] sha256, long end, long millis, RoutingContext context) {
        return blocking(context, () -> sessions.claim(sha256)).flatMap(claim -> {
            if (!claim.isTaken()) {
                return Uni.createFrom().item(claim);
            }
            return System.nanoTime() - end > 0
                    ? Uni.createFrom().failure(OidcProvider.away(null))
                    : pause(millis, context)
                            .flatMap(over -> claim(sha256, end, Math.min(2 * millis, LONGEST_PAUSE_MILLIS), context));
        });
    }

    private static Uni<Void> pause(long millis, RoutingContext context) {
        return Uni.createFrom().emitter(pause -> context.vertx().setTimer(millis, timer -> pause.complete(null)));
    }

    private Uni<Answer> ask(SessionTokens before, RoutingContext context, IdentityProviderManager identities) {
        return provider.renew(before, context, identities)
                .flatMap(tokens -> tokens.isEmpty()
                        ? Uni.createFrom().item(new Answer(null, null))
                        : provider.verify(tokens.get(), context, identities)
                                .map(person -> new Answer(person, tokens.get()))
                                .onFailure(AuthenticationFailedException.class)
                                .recoverWithItem(new Answer(null, null)));
    }

    private boolean settle(byte[] sha256, byte[] key, Answer answer) {
        boolean goesOn = answer.person() != null && goesOn(sha256, key, answer);
        if (!goesOn) {
            sessions.end(sha256);
        }
        return goesOn;
    }

    private boolean goesOn(byte[] sha256, byte[] key, Answer answer) {
        Voucher voucher;
        try {
            voucher = Voucher.of(answer.person(), config);
        } catch (ProblemException e) {
            return false; // has no role any more, of which the next sign-in tells
        }
        return sessions.renew(sha256, voucher, answer.tokens().seal(key));
    }

    private static <T> Uni<T> blocking(RoutingContext context, Callable<T> work) {
        return Uni.createFrom()
                .completionStage(
                        () -> context.vertx().executeBlocking(work, false).toCompletionStage());
    }
}
