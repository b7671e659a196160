package io.facestream.training.commands;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.facestream.training.network.Architecture;
import io.facestream.training.network.Mining;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Trains a network on labelled faces. A field that is null has its default. {@link TrainingSettings} documents the
 * numbers and their ranges.
 *
 * @param topics with labelled faces; default: {@code labelled-faces} alone
 * @param from {@code beginning}, or a time in ISO 8601: photos that the broker appended then or later
 * @param offsets where to begin instead, by topic and partition; other partitions begin as {@code from} says
 * @param people only these
 * @param gallery whether to train on the gallery's own chips, too; default: true
 * @param base version to begin with; default: the active one, for {@code resnet50} random weights
 * @param teacher version whose similarities of faces the network is to learn; default: none
 * @param architecture {@code mobilefacenet} or {@code resnet50}; default: the base's
 * @param batchSize photos in a batch, instead of {@code batchPeople}
 * @param validationShare of the people with two photos or more who are held back, 0 to 0.5
 * @param promote {@code auto}: if it is better than its base; or {@code manual}
 */
public record FineTune(
        UUID commandId,
        List<String> topics,
        String from,
        Map<String, Map<Integer, Long>> offsets,
        List<String> people,
        Boolean gallery,
        String base,
        String teacher,
        String architecture,
        Double margin,
        Integer epochs,
        Integer batchSize,
        Integer batchPeople,
        Integer batchPhotos,
        Double learningRate,
        String mining,
        String augmentation,
        Double baseWeight,
        Double cleanWeight,
        Double teacherWeight,
        Double baseShare,
        Double minClusterDistance,
        Integer patience,
        Double validationShare,
        String promote,
        Long seed)
        implements TrainingCommand {
    static final String BEGINNING = "beginning";
    private static final double VALIDATION_SHARE = 0.2;
    private static final double GREATEST_VALIDATION_SHARE = 0.5;
    private static final int LEAST_BATCH = 4;
    private static final int MOST_TOPICS = 100;
    private static final int MOST_PARTITIONS = 10_000;
    private static final int MOST_PEOPLE = 1_000_000;
    private static final int MOST_NAME_CHARACTERS = 256;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** What Kafka takes as a topic's name. */
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    @Override
    public String kind() {
        return FINE_TUNE;
    }

    /** @throws IllegalArgumentException if a value is not allowed; the message says which are */
    void check() {
        if (topics != null) {
            TrainingCommand.require(
                    !topics.isEmpty() && topics.size() <= MOST_TOPICS, "topics has 1 to " + MOST_TOPICS + " names");
            topics.forEach(topic -> TrainingCommand.require(
                    topic != null && TOPIC.matcher(topic).matches(),
                    "no topic has the name " + (topic == null ? "null" : TrainingCommand.shown(topic))));
        }
        since();
        if (offsets != null) {
            TrainingCommand.require(offsets.size() <= MOST_TOPICS, "offsets has at most " + MOST_TOPICS + " topics");
            offsets.forEach(FineTune::checkOffsets);
        }
        if (base != null) {
            TrainingCommand.requireVersion("base", base);
        }
        if (teacher != null) {
            TrainingCommand.requireVersion("teacher", teacher);
        }
        TrainingCommand.require(
                teacher != null || teacherWeight == null, "teacherWeight is the weight of a teacher: name one");
        TrainingCommand.require(people == null || people.size() <= MOST_PEOPLE, "people has at most 1,000,000 names");
        TrainingCommand.require(
                people == null || people.size() >= 2, "triplets need at least two people, and people names fewer");
        double share = share();
        TrainingCommand.require(
                share >= 0 && share <= GREATEST_VALIDATION_SHARE,
                "validationShare is 0 to " + GREATEST_VALIDATION_SHARE + ", not " + share);
        TrainingCommand.require(
                people == null || people.stream().allMatch(FineTune::isName),
                "people has an invalid name: names have 1 to " + MOST_NAME_CHARACTERS
                        + " characters, and no control characters");
        TrainingCommand.require(
                batchSize == null || batchSize >= LEAST_BATCH,
                "batchSize is at least " + LEAST_BATCH + ", not " + batchSize);
        TrainingCommand.require(
                batchSize == null || batchPeople == null, "batchSize and batchPeople say the same: give one of them");
        promotion();
        Architecture asked = askedArchitecture().orElse(Architecture.MOBILEFACENET);
        TrainingCommand.require(
                settings(asked).augmentation() != Augmentation.FAR_ONLY
                        || asked == Architecture.MOBILEFACENET
                        || base != null,
                "far-only leaves all faces that do not look far to a base, and resnet50 has none unless it is named");
    }

    private static void checkOffsets(String topic, Map<Integer, Long> ofPartitions) {
        TrainingCommand.require(
                TOPIC.matcher(topic).matches(), "no topic has the name " + TrainingCommand.shown(topic));
        TrainingCommand.require(
                ofPartitions.size() <= MOST_PARTITIONS,
                "offsets has at most " + MOST_PARTITIONS + " partitions a topic");
        ofPartitions.forEach((partition, offset) -> TrainingCommand.require(
                partition >= 0 && offset >= 0,
                "partitions and offsets are at least 0, not " + topic + " " + partition + ": " + offset));
    }

    /** The rule for names of photos. A lone surrogate is not a character, and cannot be stored. */
    private static boolean isName(String name) {
        return name != null
                && !name.isBlank()
                && name.length() <= MOST_NAME_CHARACTERS
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    /** Photos appended then or later; empty for all. */
    @JsonIgnore
    public Optional<Instant> since() {
        if (from == null || from.equals(BEGINNING)) {
            return Optional.empty();
        }
        try {
            Instant since = Instant.parse(from);
            // the broker's times begin in 1970, and later ones overflow a long
            if (!since.isBefore(Instant.EPOCH) && since.isBefore(LATEST)) {
                return Optional.of(since);
            }
        } catch (DateTimeException e) {
            // as below
        }
        throw new IllegalArgumentException("from is " + BEGINNING
                + " or a time such as 2026-01-31T12:00:00Z, from 1970 to 9999, not " + TrainingCommand.shown(from));
    }

    /** The architecture asked for; empty for the base's. */
    @JsonIgnore
    public Optional<Architecture> askedArchitecture() {
        return Optional.ofNullable(architecture)
                .map(name -> TrainingCommand.named(Architecture.class, "architecture", name));
    }

    @JsonIgnore
    public boolean withGallery() {
        return gallery == null || gallery;
    }

    @JsonIgnore
    public double share() {
        return validationShare == null ? VALIDATION_SHARE : validationShare;
    }

    @JsonIgnore
    public PromotionPolicy promotion() {
        return promote == null
                ? PromotionPolicy.AUTO
                : TrainingCommand.named(PromotionPolicy.class, "promote", promote);
    }

    /** How to train a network of the architecture. */
    @JsonIgnore
    public TrainingSettings settings(Architecture network) {
        Augmentation kind = augmentation == null
                ? Augmentation.FAR_CAMERA
                : TrainingCommand.named(Augmentation.class, "augmentation", augmentation);
        TrainingSettings usual = TrainingSettings.defaults(network, kind);
        int photos = or(batchPhotos, usual.photos());
        int people = batchSize == null ? or(batchPeople, usual.people()) : Math.max(2, batchSize / Math.max(1, photos));
        return new TrainingSettings(
                network,
                mining == null ? usual.mining() : TrainingCommand.named(Mining.class, "mining", mining),
                or(margin, usual.margin()),
                or(epochs, usual.epochs()),
                people,
                photos,
                or(learningRate, usual.learningRate()),
                kind,
                ties(usual),
                or(minClusterDistance, usual.minClusterDistance()),
                or(patience, usual.patience()),
                or(seed, usual.seed()));
    }

    private TrainingSettings.Ties ties(TrainingSettings settings) {
        TrainingSettings.Ties usual = teacher == null ? settings.ties() : settings.taught();
        return new TrainingSettings.Ties(
                or(baseWeight, usual.base()),
                or(cleanWeight, usual.clean()),
                or(teacherWeight, usual.teacher()),
                or(baseShare, usual.baseShare()));
    }

    private static <T> T or(T asked, T usual) {
        return asked == null ? usual : asked;
    }
}
