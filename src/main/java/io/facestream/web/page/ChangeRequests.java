package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.web.commands.Commands;
import io.facestream.web.users.WebSession;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/** Asks for changes of the gallery in the name of whoever is signed in, and tells them what came of it. */
@ApplicationScoped
public class ChangeRequests {
    /** A running service answers within a second. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Commands commands;
    private final Readers readers;
    private final SecurityIdentity caller;

    ChangeRequests(Commands commands, Readers readers, SecurityIdentity caller) {
        this.commands = commands;
        this.readers = readers;
        this.caller = caller;
    }

    /**
     * Waits for the answer. A command that cannot be made is answered as rejected, and not sent.
     *
     * @param made makes the command of an id
     */
    public GalleryEvent ask(String kind, Duration patience, Function<UUID, GalleryCommand> made) {
        GalleryCommand command;
        try {
            command = made.apply(UUID.randomUUID());
        } catch (IllegalArgumentException e) {
            return GalleryEvent.rejected(null, kind, GalleryEvent.BAD_COMMAND, e.getMessage());
        }
        return commands.send(command, WebSession.of(caller).name(), patience)
                .toCompletableFuture()
                .join();
    }

    public static boolean isDone(GalleryEvent answer) {
        return answer.state() == GalleryEvent.State.DONE;
    }

    /** Has the browser load another page. */
    public static Response lead(String path) {
        return Response.noContent().header("HX-Redirect", path).build();
    }

    /** Tells it beside the form. */
    public Response told(Change change) {
        Reader reader = readers.signedIn();
        return Response.ok(Pages.change(reader, change).setLocale(reader.locale()))
                .build();
    }
}
