package io.facestream.curation.message;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A change of the gallery that somebody asks for: the JSON of {@code gallery-commands}. Two messages with the same id
 * are one command. A person is an id or a name, also one that the person had before.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = GalleryCommand.Create.class, name = "create"),
    @JsonSubTypes.Type(value = GalleryCommand.Rename.class, name = "rename"),
    @JsonSubTypes.Type(value = GalleryCommand.Merge.class, name = "merge"),
    @JsonSubTypes.Type(value = GalleryCommand.Split.class, name = "split"),
    @JsonSubTypes.Type(value = GalleryCommand.Undo.class, name = "undo"),
    @JsonSubTypes.Type(value = GalleryCommand.DeleteSample.class, name = "delete-sample"),
    @JsonSubTypes.Type(value = GalleryCommand.Tag.class, name = "tag"),
    @JsonSubTypes.Type(value = GalleryCommand.Untag.class, name = "untag"),
    @JsonSubTypes.Type(value = GalleryCommand.Ignore.class, name = "ignore"),
    @JsonSubTypes.Type(value = GalleryCommand.Unignore.class, name = "unignore"),
    @JsonSubTypes.Type(value = GalleryCommand.NotThisPerson.class, name = "not-this-person"),
    @JsonSubTypes.Type(value = GalleryCommand.Name.class, name = "name"),
    @JsonSubTypes.Type(value = GalleryCommand.KeepStranger.class, name = "keep-stranger"),
    @JsonSubTypes.Type(value = GalleryCommand.Extend.class, name = "extend"),
    @JsonSubTypes.Type(value = GalleryCommand.Discard.class, name = "discard"),
    @JsonSubTypes.Type(value = GalleryCommand.EnrolFrom.class, name = "enrol-from"),
    @JsonSubTypes.Type(value = AlertRule.class, name = "alert-rule"),
    @JsonSubTypes.Type(value = GalleryCommand.Erase.class, name = "erase")
})
public sealed interface GalleryCommand
        permits GalleryCommand.Create,
                GalleryCommand.Rename,
                GalleryCommand.Merge,
                GalleryCommand.Split,
                GalleryCommand.Undo,
                GalleryCommand.DeleteSample,
                GalleryCommand.Tag,
                GalleryCommand.Untag,
                GalleryCommand.Ignore,
                GalleryCommand.Unignore,
                GalleryCommand.NotThisPerson,
                GalleryCommand.Name,
                GalleryCommand.KeepStranger,
                GalleryCommand.Extend,
                GalleryCommand.Discard,
                GalleryCommand.EnrolFrom,
                AlertRule,
                GalleryCommand.Erase {
    /** {@code ce_type} of its records. */
    String TYPE = CloudEventRecords.type("gallery-command");

    /** A record's header: who asks, as the sender says; kept beside the command, and no proof. */
    String REQUESTED_BY = "facestream_requested_by";

    /** The most people or photos of a command. */
    int MOST = 10_000;

    /** The most visits of a command: each takes about a second. */
    int MOST_SIGHTINGS = 20;

    int MOST_TAG = 64;
    int MOST_REQUESTED_BY = 256;

    /** The most shots of a visit whose stranger is kept. */
    int MOST_SHOTS = 5;

    /** The longest source, and id of a visit or an event, in characters. */
    int MOST_ID = 4_096;

    UUID commandId();

    /** The JSON's field {@code command}. */
    @JsonIgnore
    default String kind() {
        return Kinds.of(this);
    }

    /**
     * Reads and checks a command.
     *
     * @throws RejectedException if it is not such JSON
     * @throws IllegalArgumentException if a value is not allowed
     */
    static GalleryCommand read(byte[] json) throws RejectedException {
        GalleryCommand command = Json.read(json, GalleryCommand.class);
        Checks.require(command.commandId() != null, "commandId is a UUID, and missing");
        return command;
    }

    /** Adds a person without photos. */
    record Create(UUID commandId, String name, List<String> tags) implements GalleryCommand {
        public Create {
            name = Checks.name("name", name);
            tags = tags == null || tags.isEmpty()
                    ? List.of()
                    : Checks.list("tags", tags).stream().map(Checks::tag).toList();
        }
    }

    /** Gives a person another name. The former one stays known as the person's. */
    record Rename(UUID commandId, String person, String name) implements GalleryCommand {
        public Rename {
            person = Checks.person("person", person);
            name = Checks.name("name", name);
        }
    }

    /** Makes people one with another. */
    record Merge(UUID commandId, List<String> people, String into) implements GalleryCommand {
        public Merge {
            people = Checks.people(people);
            into = Checks.person("into", into);
        }
    }

    /**
     * Makes photos another person's.
     *
     * @param into whose they are; null for a new person
     * @param name of the new person; null if they are somebody's
     */
    record Split(UUID commandId, List<UUID> samples, String into, String name) implements GalleryCommand {
        public Split {
            samples = Checks.samples(samples);
            Checks.requireOneOf(into, name);
            into = into == null ? null : Checks.person("into", into);
            name = name == null ? null : Checks.name("name", name);
        }
    }

    /** Takes a merge, rename, split, not-this-person or the name of a stranger back. */
    record Undo(UUID commandId, UUID target) implements GalleryCommand {
        public Undo {
            Checks.require(target != null, "target, the commandId to undo, is missing");
        }
    }

    /** Deletes photos. */
    record DeleteSample(UUID commandId, List<UUID> samples) implements GalleryCommand {
        public DeleteSample {
            samples = Checks.samples(samples);
        }
    }

    /** Adds a tag to people. */
    record Tag(UUID commandId, List<String> people, String tag) implements GalleryCommand {
        public Tag {
            people = Checks.people(people);
            tag = Checks.tag(tag);
        }
    }

    /** Takes a tag from people. */
    record Untag(UUID commandId, List<String> people, String tag) implements GalleryCommand {
        public Untag {
            people = Checks.people(people);
            tag = Checks.tag(tag);
        }
    }

    /** Alerts nobody about people. */
    record Ignore(UUID commandId, List<String> people) implements GalleryCommand {
        public Ignore {
            people = Checks.people(people);
        }
    }

    /** Alerts about people again. */
    record Unignore(UUID commandId, List<String> people) implements GalleryCommand {
        public Unignore {
            people = Checks.people(people);
        }
    }

    /**
     * Keeps whom a visit is of, so that they are known again.
     *
     * @param source of the visit, a URI reference
     * @param stranger whom the visit was told to be of; null if it was nobody's
     * @param shots the best views, 1 to {@value #MOST_SHOTS}; null for the best one that the database has of the visit
     */
    record KeepStranger(UUID commandId, String source, String sightingId, UUID stranger, List<StrangerShot> shots)
            implements GalleryCommand {
        public KeepStranger {
            source = Checks.id("source", source);
            sightingId = Checks.id("sightingId", sightingId);
            if (shots != null) {
                Checks.require(
                        !shots.isEmpty()
                                && shots.size() <= MOST_SHOTS
                                && shots.stream().noneMatch(shot -> shot == null),
                        "shots has 1 to " + MOST_SHOTS + " values");
                shots = List.copyOf(shots);
            }
        }
    }

    /**
     * Keeps strangers for longer.
     *
     * @param keep from now on; null for as long as the setting says
     */
    record Extend(UUID commandId, List<UUID> strangers, @JsonFormat(shape = JsonFormat.Shape.STRING) Duration keep)
            implements GalleryCommand {
        public Extend {
            strangers = Checks.list("strangers", strangers);
            Checks.require(keep == null || !keep.isNegative(), "keep is a duration of 0 s or longer, not " + keep);
        }
    }

    /** Keeps strangers no longer. */
    record Discard(UUID commandId, List<UUID> strangers) implements GalleryCommand {
        public Discard {
            strangers = Checks.list("strangers", strangers);
        }
    }

    /**
     * Says that a face is not a person's: that of a visit, which is not the person's then, or that of an event.
     *
     * @param sighting the visit; null if it is a face
     * @param face the event's face; null if it is a visit
     */
    record NotThisPerson(UUID commandId, String person, SightingRef sighting, FaceRef face) implements GalleryCommand {
        public NotThisPerson {
            person = Checks.person("person", person);
            Checks.require((sighting == null) != (face == null), "either sighting or face, which is not the person's");
        }
    }

    /**
     * Says whose a visit of somebody unknown is, or who a stranger is. A stranger who is given the name of somebody is
     * that person.
     *
     * @param sighting the visit; null for a stranger
     * @param stranger whose visits follow; null for a visit
     * @param into whose it is; null for a new person
     * @param name of the new person; null if it is somebody's
     */
    record Name(UUID commandId, SightingRef sighting, UUID stranger, String into, String name)
            implements GalleryCommand {
        public Name {
            Checks.require(
                    (sighting == null) != (stranger == null), "either sighting, the visit to name, or stranger, an id");
            Checks.requireOneOf(into, name);
            into = into == null ? null : Checks.person("into", into);
            name = name == null ? null : Checks.name("name", name);
        }

        /** Names a stranger. */
        public Name(UUID commandId, UUID stranger, String name) {
            this(commandId, null, stranger, null, name);
        }

        /** Names a visit. */
        public Name(UUID commandId, SightingRef sighting, String into, String name) {
            this(commandId, sighting, null, into, name);
        }
    }

    /**
     * Makes the best shots of visits photos of a person.
     *
     * @param into whose they are; null for a new person
     * @param name of the new person; null if they are somebody's
     */
    record EnrolFrom(UUID commandId, List<SightingRef> sightings, String into, String name) implements GalleryCommand {
        public EnrolFrom {
            sightings = Checks.list("sightings", sightings);
            Checks.require(sightings.size() <= MOST_SIGHTINGS, "sightings has at most " + MOST_SIGHTINGS + " values");
            Checks.requireOneOf(into, name);
            into = into == null ? null : Checks.person("into", into);
            name = name == null ? null : Checks.name("name", name);
        }
    }

    /**
     * Erases a person, with everybody who was merged into the person.
     *
     * @param unknown whether a name that nobody ever had is fenced, too; null for not
     * @param dryRun whether it only counts; null for not
     */
    record Erase(UUID commandId, String person, Boolean unknown, Boolean dryRun) implements GalleryCommand {
        public Erase {
            person = Checks.person("person", person);
        }
    }

    /** The names that the annotation gives to the records. */
    final class Kinds {
        private Kinds() {}

        private static String of(GalleryCommand command) {
            for (JsonSubTypes.Type type :
                    GalleryCommand.class.getAnnotation(JsonSubTypes.class).value()) {
                if (type.value() == command.getClass()) {
                    return type.name();
                }
            }
            throw new AssertionError("every command has a name: " + command.getClass());
        }
    }
}
