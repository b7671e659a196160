package io.facestream.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.messaging.RejectedException;
import io.facestream.web.KnownFailures;
import io.facestream.web.ProblemException;
import io.facestream.web.commands.Commands;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends gallery commands for whoever calls, and turns their answers into those of HTTP. */
@ApplicationScoped
class CommandAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "commandId";
    private static final Set<String> MISSING = Set.of("no-such-person", "no-such-rule");
    private static final Pattern WAIT = Pattern.compile("([0-9]|[12][0-9]|30)s");

    private final Commands commands;
    private final SecurityIdentity caller;

    CommandAnswers(Commands commands, SecurityIdentity caller) {
        this.commands = commands;
        this.caller = caller;
    }

    /** A command that has no answer yet. */
    record Pending(UUID commandId, String state) {}

    /** @throws ProblemException {@code bad-command} (400) if it is no JSON object */
    static ObjectNode object(byte[] body) {
        try {
            JsonNode message = JSON.readTree(body);
            if (message instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw bad(e);
        }
        throw bad(new IllegalArgumentException("it is no JSON object"));
    }

    /**
     * The command of a message, which gets an id if it has none.
     *
     * @throws ProblemException {@code bad-command} (400) if it is none
     */
    static GalleryCommand command(ObjectNode message) {
        if (!message.hasNonNull(ID)) {
            message.put(ID, UUID.randomUUID().toString());
        }
        try {
            return GalleryCommand.read(JSON.writeValueAsBytes(message));
        } catch (IOException | RejectedException | IllegalArgumentException e) {
            throw bad(e);
        }
    }

    static ProblemException bad(Exception why) {
        return new ProblemException("bad-command", "The body is no command", 400, why.getMessage());
    }

    /**
     * How long a caller waits.
     *
     * @throws ProblemException {@code bad-parameter} (400) if it is not {@code 0s} to {@code 30s}
     */
    static Duration patience(String wait) {
        Matcher seconds = WAIT.matcher(wait);
        if (!seconds.matches()) {
            throw Bounds.bad("wait is 0s to 30s");
        }
        return Duration.ofSeconds(Integer.parseInt(seconds.group(1)));
    }

    /**
     * Sends a command, and waits for its answer.
     *
     * @throws ProblemException if the gallery refuses it
     */
    Response ask(GalleryCommand command, Duration patience) {
        String asker = caller.getPrincipal().getName();
        if (patience.isZero()) {
            commands.publish(command, asker).toCompletableFuture().join();
            return pending(command.commandId(), "queued");
        }
        try {
            return answered(commands.send(command, asker, patience)
                    .toCompletableFuture()
                    .join());
        } catch (CompletionException e) {
            if (KnownFailures.behind(e).filter(Commands::isLate).isPresent()) {
                return pending(command.commandId(), "queued");
            }
            throw e;
        }
    }

    static Response pending(UUID id, String state) {
        return Response.accepted(new Pending(id, state))
                .location(URI.create("/api/v1/commands/" + id))
                .build();
    }

    private static Response answered(GalleryEvent answer) {
        return switch (answer.state()) {
            case DONE, VERIFIED -> Response.ok(answer).build();
            case REJECTED ->
                throw new ProblemException(
                        answer.reason(),
                        "The gallery refuses that",
                        MISSING.contains(answer.reason()) ? 404 : 409,
                        answer.message());
            case FAILED -> throw new ProblemException("fault", "The command failed", 500, answer.message());
        };
    }
}
