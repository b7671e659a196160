package io.facestream.web.compreface;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.Sql;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.messaging.PlainName;
import io.facestream.web.ProblemException;
import io.facestream.web.commands.Commands;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Changes people and their photos as CompreFace's API does: what is answered is done. */
@ApplicationScoped
class Collection {
    /** How long a program that knows no "later" is kept waiting. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** People who are being erased at a time. */
    private static final int AT_A_TIME = 32;

    private static final String TAKEN = "name-taken";
    private static final String MISSING = "no-such-person";
    private static final String FACELESS = "no-face";

    private final Commands commands;
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Collection(Commands commands, Instance<DataSource> database) {
        this.commands = commands;
        this.database = database;
    }

    /** Adds a person without photos. */
    CompletionStage<Void> add(String name, String asker) {
        return done(() -> new GalleryCommand.Create(UUID.randomUUID(), name, null), asker);
    }

    /** Gives a person another name; if it is somebody's, the two become one. */
    CompletionStage<Void> rename(String person, String name, String asker) {
        return ask(() -> new GalleryCommand.Rename(UUID.randomUUID(), person, name), asker)
                .thenCompose(renamed -> TAKEN.equals(renamed.reason())
                        ? done(() -> new GalleryCommand.Merge(UUID.randomUUID(), List.of(person), name), asker)
                        : checked(renamed));
    }

    /** Erases a person for good. */
    CompletionStage<Void> erase(String person, String asker) {
        return done(() -> new GalleryCommand.Erase(UUID.randomUUID(), person, null, null), asker);
    }

    /**
     * Erases everybody.
     *
     * @return how many people
     * @throws ProblemException {@code no-answer} (503) if time is up; the next call goes on from there
     */
    int eraseAll(String asker) throws SQLException {
        long started = System.nanoTime();
        int erased = 0;
        List<UUID> people = someone();
        while (!people.isEmpty()) {
            Duration left = WAIT.minusNanos(System.nanoTime() - started);
            if (left.isNegative()) {
                throw new ProblemException(
                        "no-answer", "There was no answer in time", 503, erased + " people are erased; ask again");
            }
            List<CompletableFuture<GalleryEvent>> answers = people.stream()
                    .map(person -> new GalleryCommand.Erase(UUID.randomUUID(), person.toString(), null, null))
                    .map(command -> commands.send(command, asker, left).toCompletableFuture())
                    .toList();
            for (CompletableFuture<GalleryEvent> answer : answers) {
                GalleryEvent.State state = answer.join().state();
                if (state == GalleryEvent.State.FAILED) {
                    checked(answer.join()).toCompletableFuture().join();
                }
                // Somebody else may have erased the person in the meantime.
                erased += state == GalleryEvent.State.DONE ? 1 : 0;
            }
            people = someone();
        }
        return erased;
    }

    private List<UUID> someone() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id from facestream.people order by id limit " + AT_A_TIME,
                        row -> row.getObject(1, UUID.class)));
    }

    /** Enrols a photo of a person, who need not exist yet. */
    CompletionStage<Photo> enrol(String name, byte[] photo) {
        String plain = allowed(() -> PlainName.of(name));
        return commands.enrol(plain, photo, WAIT).thenApply(answer -> {
            if (answer instanceof EnrolmentAnswer.Rejected rejected) {
                boolean faceless = FACELESS.equals(rejected.reason());
                throw new ProblemException(
                        rejected.reason(),
                        faceless ? "No face is found in the given image" : "The photo is not enrolled",
                        400,
                        faceless ? null : rejected.message());
            }
            return new Photo(((EnrolmentAnswer.Accepted) answer).sampleId(), plain);
        });
    }

    /** Deletes photos; those that there are not are left out of the answer. */
    CompletionStage<List<Photo>> delete(List<UUID> ids, String asker) throws SQLException {
        if (ids.size() > GalleryCommand.MOST) {
            throw new ProblemException("bad-parameter", "At most " + GalleryCommand.MOST + " photos", 400, null);
        }
        return deleteFound(
                "where id = any (?::uuid[])", ids.stream().map(UUID::toString).toArray(String[]::new), asker);
    }

    /**
     * Deletes the photos of a person, who stays.
     *
     * @param person an id or a name, also a former one
     * @return how many photos
     */
    int deleteOf(String person, String asker) throws SQLException {
        return deleteEach("where person_id = facestream.identity_of(?)", person, asker);
    }

    /**
     * Deletes everybody's photos; the people stay.
     *
     * @return how many photos
     */
    int deleteAll(String asker) throws SQLException {
        return deleteEach("where ?", true, asker);
    }

    private int deleteEach(String condition, Object value, String asker) throws SQLException {
        int deleted = 0;
        List<Photo> some;
        do {
            some = deleteFound(condition, value, asker).toCompletableFuture().join();
            deleted += some.size();
        } while (some.size() == GalleryCommand.MOST);
        return deleted;
    }

    private CompletionStage<List<Photo>> deleteFound(String condition, Object value, String asker) throws SQLException {
        List<Photo> found = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id, name from facestream.photos " + condition + " order by id limit "
                                + GalleryCommand.MOST,
                        Photo::of,
                        value));
        if (found.isEmpty()) {
            return CompletableFuture.completedStage(found);
        }
        List<UUID> samples = found.stream().map(Photo::imageId).toList();
        return done(() -> new GalleryCommand.DeleteSample(UUID.randomUUID(), samples), asker)
                .thenApply(deleted -> found);
    }

    private CompletionStage<Void> done(Supplier<GalleryCommand> command, String asker) {
        return ask(command, asker).thenCompose(Collection::checked);
    }

    private CompletionStage<GalleryEvent> ask(Supplier<GalleryCommand> command, String asker) {
        return commands.send(allowed(command), asker, WAIT);
    }

    private static <T> T allowed(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ProblemException("bad-parameter", "That is not allowed", 400, e.getMessage());
        }
    }

    private static CompletionStage<Void> checked(GalleryEvent answer) {
        return switch (answer.state()) {
            case DONE, VERIFIED -> CompletableFuture.completedStage(null);
            case REJECTED ->
                CompletableFuture.failedStage(new ProblemException(
                        answer.reason(),
                        "The gallery refuses that",
                        MISSING.equals(answer.reason()) ? 404 : 400,
                        answer.message()));
            case FAILED ->
                CompletableFuture.failedStage(
                        new ProblemException("fault", "The command failed", 500, answer.message()));
        };
    }
}
