package io.facestream.cli.gallery;

import io.facestream.curation.message.FaceRef;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.SightingRef;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Each subcommand but the lists and archives sends a command to the role {@code curation}, and waits for its answer.
 */
@Command(
        name = "gallery",
        description = {
            "Manages people: names, who is who, tags, photos, strangers, alerts, erasure.",
            "A person is an id or a name, also one that the person had before. A stranger is an id."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GalleryListCommand.class,
            GalleryPhotosCommand.class,
            GalleryStrangersCommand.class,
            GalleryKeepStrangerCommand.class,
            GalleryLookAlikesCommand.class,
            AlertRuleCommandLine.class,
            GalleryExportCommand.class,
            GalleryImportCommand.class
        })
public final class GalleryCommandLine {
    private static final String SOURCE = "The source of the visit or event, such as /cameras/lobby.";

    @Spec
    private CommandSpec spec;

    /** Whose photos or visits they become: one of the two. */
    static final class Owner {
        @Option(names = "--into", required = true, paramLabel = "PERSON", description = "Whose it is.")
        private String into;

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "The name of a new person.")
        private String name;
    }

    @Command(description = "Adds a person without photos.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "The name.") String name,
            @Option(names = "--tag", paramLabel = "TAG", description = "A tag; may be given several times.")
                    List<String> tags,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Create(asking.id(), name, tags));
    }

    @Command(
            description = {
                "Gives a person another name.",
                "The former one stays known: photos that are published under it are the person's."
            },
            mixinStandardHelpOptions = true)
    int rename(
            @Parameters(paramLabel = "PERSON", description = "Whom.") String person,
            @Parameters(paramLabel = "NAME", description = "The new name.") String name,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Rename(asking.id(), person, name));
    }

    @Command(
            description = {
                "Makes people one with another, with their photos, visits, tags and names.",
                "Strangers too: with each other, and with people."
            },
            mixinStandardHelpOptions = true)
    int merge(
            @Parameters(arity = "1..*", paramLabel = "PERSON", description = "Who turned out to be somebody else.")
                    List<String> people,
            @Option(names = "--into", required = true, paramLabel = "PERSON", description = "Who they are.")
                    String into,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Merge(asking.id(), people, into));
    }

    @Command(description = "Makes photos somebody else's.", mixinStandardHelpOptions = true)
    int split(
            @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Ids, as `gallery photos` lists them.")
                    List<UUID> photos,
            @ArgGroup(multiplicity = "1") Owner owner,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Split(asking.id(), photos, owner.into, owner.name));
    }

    @Command(
            description = "Takes a merge, rename, split, not-this-person or name of a stranger back.",
            mixinStandardHelpOptions = true)
    int undo(
            @Parameters(paramLabel = "COMMAND", description = "Its id, as it was printed.") UUID target,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Undo(asking.id(), target));
    }

    @Command(name = "delete-photo", description = "Deletes photos.", mixinStandardHelpOptions = true)
    int deletePhoto(
            @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Ids, as `gallery photos` lists them.")
                    List<UUID> photos,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.DeleteSample(asking.id(), photos));
    }

    @Command(description = "Adds a tag to people.", mixinStandardHelpOptions = true)
    int tag(
            @Parameters(paramLabel = "TAG", description = "The tag.") String tag,
            @Parameters(arity = "1..*", paramLabel = "PERSON", description = "Whom.") List<String> people,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Tag(asking.id(), people, tag));
    }

    @Command(description = "Takes a tag from people.", mixinStandardHelpOptions = true)
    int untag(
            @Parameters(paramLabel = "TAG", description = "The tag.") String tag,
            @Parameters(arity = "1..*", paramLabel = "PERSON", description = "Whom.") List<String> people,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Untag(asking.id(), people, tag));
    }

    @Command(description = "Alerts nobody about people.", mixinStandardHelpOptions = true)
    int ignore(
            @Parameters(arity = "1..*", paramLabel = "PERSON", description = "Whom.") List<String> people,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Ignore(asking.id(), people));
    }

    @Command(description = "Alerts about people again.", mixinStandardHelpOptions = true)
    int unignore(
            @Parameters(arity = "1..*", paramLabel = "PERSON", description = "Whom.") List<String> people,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Unignore(asking.id(), people));
    }

    /** A face: the best one of a visit, or that of an event. */
    static final class Shown {
        @Option(
                names = "--sighting",
                required = true,
                paramLabel = "ID",
                description = "A visit's sightingId, as `sightings list --json` prints it.")
        private String sighting;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private Seen face;
    }

    /** The face of an event. */
    static final class Seen {
        private static final Pattern PLACE = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

        @Option(names = "--event", required = true, paramLabel = "ID", description = "An event's eventId.")
        private String event;

        @Option(
                names = "--chip",
                required = true,
                paramLabel = "PARTITION@OFFSET",
                description = "The event's pointers.chip.")
        private String chip;

        private FaceRef of(String source) {
            Matcher place = PLACE.matcher(chip);
            if (!place.matches()) {
                throw new IllegalArgumentException("--chip is PARTITION@OFFSET, not " + chip);
            }
            return new FaceRef(
                    source,
                    event,
                    new RecordPointer(
                            Topic.DETECTED_FACES.topicName(),
                            Integer.parseInt(place.group(1)),
                            Long.parseLong(place.group(2))));
        }
    }

    @Command(
            name = "not-this-person",
            description = {
                "Says that a face is not a person's: that of a visit, or that of an event.",
                "Faces that are more like it than like the person are nobody's from then on."
            },
            mixinStandardHelpOptions = true)
    int notThisPerson(
            @Parameters(paramLabel = "PERSON", description = "Whose it is not.") String person,
            @Option(names = "--source", required = true, paramLabel = "SOURCE", description = SOURCE) String source,
            @ArgGroup(multiplicity = "1") Shown shown,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec,
                () -> shown.face == null
                        ? new GalleryCommand.NotThisPerson(
                                asking.id(), person, new SightingRef(source, shown.sighting), null)
                        : new GalleryCommand.NotThisPerson(asking.id(), person, null, shown.face.of(source)));
    }

    @Command(
            name = "name",
            description = {
                "Says whose a visit of somebody unknown is, or who a stranger is.",
                "A visit enrols nothing: see enrol-from. A stranger's faces become photos, and the visits follow."
            },
            mixinStandardHelpOptions = true)
    int name(
            @Parameters(
                            paramLabel = "SIGHTING|STRANGER",
                            description = "A visit's sightingId, or a stranger's id, as `gallery strangers` lists it.")
                    String named,
            @Option(names = "--source", paramLabel = "SOURCE", description = SOURCE + " Needed for a visit.")
                    String source,
            @ArgGroup(multiplicity = "1") Owner owner,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec,
                () -> source == null
                        ? new GalleryCommand.Name(asking.id(), null, stranger(named), owner.into, owner.name)
                        : new GalleryCommand.Name(asking.id(), new SightingRef(source, named), owner.into, owner.name));
    }

    private static UUID stranger(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a visit needs --source, and a stranger's id is a UUID, not " + id, e);
        }
    }

    @Command(
            name = "enrol-from",
            description = "Makes the best pictures of visits photos of a person.",
            mixinStandardHelpOptions = true)
    int enrolFrom(
            @Parameters(arity = "1..*", paramLabel = "SIGHTING", description = "Their sightingIds.")
                    List<String> sightings,
            @Option(names = "--source", required = true, paramLabel = "SOURCE", description = SOURCE) String source,
            @ArgGroup(multiplicity = "1") Owner owner,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec,
                () -> new GalleryCommand.EnrolFrom(
                        asking.id(),
                        sightings.stream()
                                .map(id -> new SightingRef(source, id))
                                .toList(),
                        owner.into,
                        owner.name));
    }

    @Command(description = "Keeps strangers for longer.", mixinStandardHelpOptions = true)
    int extend(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "STRANGER",
                            description = "Ids, as `gallery strangers` lists them.")
                    List<UUID> strangers,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            description = "From now on; default: facestream.strangers.keep.")
                    Integer days,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec,
                () -> new GalleryCommand.Extend(asking.id(), strangers, days == null ? null : Duration.ofDays(days)));
    }

    @Command(description = "Keeps strangers no longer. Their visits are nobody's.", mixinStandardHelpOptions = true)
    int discard(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "STRANGER",
                            description = "Ids, as `gallery strangers` lists them.")
                    List<UUID> strangers,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.Discard(asking.id(), strangers));
    }

    @Command(
            description = {
                "Erases a person for good, with everybody who was merged into the person, and says what was erased.",
                "Photos on topics that were published up to now are not enrolled again."
            },
            mixinStandardHelpOptions = true)
    int erase(
            @Parameters(paramLabel = "PERSON", description = "Whom.") String person,
            @Option(names = "--dry-run", description = "Only counts.") boolean dryRun,
            @Option(names = "--unknown", description = "Also a name that nobody ever had.") boolean unknown,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec,
                () -> new GalleryCommand.Erase(
                        asking.id(), person, unknown ? Boolean.TRUE : null, dryRun ? Boolean.TRUE : null));
    }
}
