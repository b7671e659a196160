package io.facestream.curation;

import io.facestream.curation.message.AlertRule;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.Erased;
import io.facestream.curation.rules.Whom;
import io.facestream.database.Sql;
import io.facestream.gallery.GallerySchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What each command does: a function of {@code R__curation.sql}, which refuses what is not possible with
 * {@link GallerySchema#REFUSED}.
 */
final class GalleryChanges {
    private final Sql sql;
    private final List<ShownFace> faces;
    private final Optional<Duration> keepStrangers;

    /**
     * @param sql of the transaction that the answer is stored in
     * @param faces that the command is about
     * @param keepStrangers for how long by the setting; present if a command needs it
     */
    GalleryChanges(Sql sql, List<ShownFace> faces, Optional<Duration> keepStrangers) {
        this.sql = sql;
        this.faces = faces;
        this.keepStrangers = keepStrangers;
    }

    /** How many changed, and who it was about. */
    private record Change(UUID person, Long people, Long samples) {
        static Change of(UUID person) {
            return new Change(person, null, null);
        }

        static Change ofPeople(long people) {
            return new Change(null, people, null);
        }
    }

    /** @throws SQLException with {@link GallerySchema#REFUSED} if it is not possible: nothing is to be committed */
    GalleryEvent make(GalleryCommand command) throws SQLException {
        begin(command);
        if (command instanceof GalleryCommand.Erase erase) {
            List<Erased> erased = erase(erase);
            boolean counted = Boolean.TRUE.equals(erase.dryRun());
            return GalleryEvent.erased(
                    erase, revision(), erased, counted ? null : ReceiptStore.receipt(sql, erase.commandId()));
        }
        Change change = change(command);
        return GalleryEvent.done(command, change.person, change.people, change.samples, revision());
    }

    /** What is done from here on is that command's, in the audit trail too. */
    void begin(GalleryCommand command) throws SQLException {
        sql.first(
                "select set_config('facestream.command', ?, true)",
                row -> row.getString(1),
                command.commandId().toString());
    }

    /** The answer to the command that kept a stranger in this transaction. */
    GalleryEvent kept(GalleryCommand.KeepStranger command, UUID stranger) throws SQLException {
        return GalleryEvent.done(command, stranger, null, null, revision());
    }

    private Change change(GalleryCommand command) throws SQLException {
        if (command instanceof GalleryCommand.Create create) {
            UUID made = uuid("select facestream.create_person(?)", create.name());
            for (String tag : create.tags()) {
                mark("select facestream.tag_people(?, ?, true)", List.of(made.toString()), tag);
            }
            return Change.of(made);
        }
        if (command instanceof GalleryCommand.Rename rename) {
            return Change.of(uuid(
                    "select facestream.rename_person(?, ?, ?)", command.commandId(), rename.person(), rename.name()));
        }
        if (command instanceof GalleryCommand.Merge merge) {
            return changed(
                    "select person, merged as people, samples from facestream.merge_people(?, ?, ?)",
                    command.commandId(),
                    texts(merge.people()),
                    merge.into());
        }
        if (command instanceof GalleryCommand.Split split) {
            return changed(
                    "select person, null::bigint as people, samples"
                            + " from facestream.split_samples(?, ?, ?::text, ?::text)",
                    command.commandId(),
                    uuids(split.samples()),
                    split.into(),
                    split.name());
        }
        if (command instanceof GalleryCommand.Undo undo) {
            return changed(
                    "select person, null::bigint as people, samples from facestream.undo_command(?, ?)",
                    command.commandId(),
                    undo.target());
        }
        if (command instanceof GalleryCommand.DeleteSample delete) {
            return changed(
                    "select null::uuid as person, null::bigint as people, facestream.delete_samples(?) as samples",
                    uuids(delete.samples()));
        }
        if (command instanceof GalleryCommand.NotThisPerson deny) {
            return Change.of(new FaceChanges(sql).deny(deny, faces.get(0)));
        }
        if (command instanceof GalleryCommand.Name name) {
            return name.stranger() == null ? Change.of(new FaceChanges(sql).name(name)) : nameStranger(name);
        }
        if (command instanceof GalleryCommand.EnrolFrom enrol) {
            FaceChanges.Enrolled enrolled = new FaceChanges(sql).enrol(enrol, faces);
            return new Change(enrolled.person(), null, enrolled.samples());
        }
        if (command instanceof GalleryCommand.Tag tag) {
            return Change.ofPeople(mark("select facestream.tag_people(?, ?, true)", tag.people(), tag.tag()));
        }
        if (command instanceof GalleryCommand.Untag untag) {
            return Change.ofPeople(mark("select facestream.tag_people(?, ?, false)", untag.people(), untag.tag()));
        }
        if (command instanceof GalleryCommand.Ignore ignore) {
            return Change.ofPeople(count("select facestream.ignore_people(?, true)", texts(ignore.people())));
        }
        if (command instanceof GalleryCommand.Unignore unignore) {
            return Change.ofPeople(count("select facestream.ignore_people(?, false)", texts(unignore.people())));
        }
        if (command instanceof AlertRule rule) {
            return Boolean.TRUE.equals(rule.remove()) ? removeRule(rule) : putRule(rule);
        }
        if (command instanceof GalleryCommand.Extend extend) {
            return Change.ofPeople(count(
                    "select facestream.extend_strangers(?, make_interval(secs => ?))",
                    uuids(extend.strangers()),
                    StrangerKeeping.seconds(extend.keep() == null ? keepStrangers.orElseThrow() : extend.keep())));
        }
        if (command instanceof GalleryCommand.Discard discard) {
            return Change.ofPeople(count("select facestream.discard_strangers(?)", uuids(discard.strangers())));
        }
        throw new AssertionError("an erasure has an answer of its own, and there is no other: " + command.getClass());
    }

    private Change nameStranger(GalleryCommand.Name name) throws SQLException {
        if (name.into() != null) {
            return changed(
                    "select person, null::bigint as people, samples from facestream.merge_people(?, ?, ?)",
                    name.commandId(),
                    texts(List.of(name.stranger().toString())),
                    name.into());
        }
        return changed(
                "select person, null::bigint as people, samples from facestream.name_stranger(?, ?, ?)",
                name.commandId(),
                name.stranger(),
                name.name());
    }

    private Change removeRule(AlertRule rule) throws SQLException {
        sql.execute("select facestream.remove_alert_rule(?)", rule.rule());
        return new Change(null, null, null);
    }

    private Change putRule(AlertRule rule) throws SQLException {
        Whom whom = Whom.of(rule.who());
        return Change.ofPeople(count(
                "select facestream.put_alert_rule(?, ?, ?, ?, ?, ?, ?, ?, ?, make_interval(secs => ?), ?)",
                rule.rule(),
                texts(whom.people()),
                whom.known(),
                whom.strangers(),
                whom.unknown(),
                texts(whom.tags()),
                texts(rule.where()),
                texts(rule.when()),
                rule.zone(),
                StrangerKeeping.seconds(rule.coolDown()),
                texts(rule.targets())));
    }

    private List<Erased> erase(GalleryCommand.Erase erase) throws SQLException {
        return sql.query(
                "select what, erased, remains from facestream.erase_by_command(?, ?, ?)",
                row -> new Erased(row.getString(1), row.getLong(2), row.getLong(3)),
                erase.person(),
                Boolean.TRUE.equals(erase.unknown()),
                Boolean.TRUE.equals(erase.dryRun()));
    }

    private long revision() throws SQLException {
        return count("select last_value from facestream.gallery_revision");
    }

    private long mark(String statement, List<String> people, String tag) throws SQLException {
        return count(statement, texts(people), tag);
    }

    private long count(String statement, Object... parameters) throws SQLException {
        return sql.first(statement, row -> row.getLong(1), parameters).orElseThrow();
    }

    private UUID uuid(String statement, Object... parameters) throws SQLException {
        return sql.first(statement, row -> row.getObject(1, UUID.class), parameters)
                .orElseThrow();
    }

    private Change changed(String statement, Object... parameters) throws SQLException {
        return sql.first(
                        statement,
                        row -> new Change(
                                row.getObject("person", UUID.class), number(row, "people"), number(row, "samples")),
                        parameters)
                .orElseThrow();
    }

    private static Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static Object texts(Collection<String> values) {
        return Sql.array("text", values.toArray());
    }

    private static Object uuids(Collection<UUID> values) {
        return Sql.array("uuid", values.toArray());
    }
}
