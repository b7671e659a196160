package io.facestream.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.enrolment.EnrolmentGate;
import io.facestream.enrolment.EnrolmentRejection;
import io.facestream.enrolment.LabelledFace;
import io.facestream.faces.ChipPng;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.gallery.NameHash;
import io.facestream.messaging.PlainName;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.TrainingProgress.Dataset;
import io.facestream.training.data.TrainingSet.Person;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Makes the training set of a command from photos in Kafka and chips of the gallery. Each face comes once; erased
 * people are left out.
 *
 * <pre>
 *  topics, up to their ends when the command came --+--> known photo?  erased?  a face?  near-duplicate? --> chips
 *  chips of the gallery, from before the command ---+
 * </pre>
 */
public class TrainingData {
    private static final String NEAR_DUPLICATE = "near-duplicate";

    private static final int FETCHED_CHIPS = 50;

    private final DataSource dataSource;
    private final LabelledTopics topics;
    private final Supplier<EnrolmentGate> gates;
    private final int maxPhotos;

    /** Opened by the reading thread, so that its networks run at that thread's priority. */
    private EnrolmentGate gate;

    /** @param gates creates the gate that finds the faces, as enrolment does */
    public TrainingData(DataSource dataSource, LabelledTopics topics, Supplier<EnrolmentGate> gates, int maxPhotos) {
        this.dataSource = dataSource;
        this.topics = topics;
        this.gates = gates;
        this.maxPhotos = maxPhotos;
    }

    /** A command's training set, and the counts to report about it. */
    public record Read(TrainingSet set, Dataset dataset) {}

    /** The data collected for one command. */
    private final class Collection {
        private final ChipStore chips;
        private final Set<String> wanted;
        private final Set<String> photos = new HashSet<>();
        private final Map<String, Optional<Instant>> fences = new HashMap<>();
        private final Map<String, String> currentNames = new HashMap<>();
        private final Map<String, List<Integer>> people = new TreeMap<>();
        private final NearDuplicates seen = new NearDuplicates();
        private final Map<String, Integer> leftOut = new TreeMap<>();

        Collection(ChipStore chips, FineTune command) {
            this.chips = chips;
            this.wanted = command.people() == null
                    ? Set.of()
                    : command.people().stream().map(TrainingData::plain).collect(Collectors.toSet());
        }

        boolean wants(String name) {
            return wanted.isEmpty() || wanted.contains(plain(name));
        }

        void leaveOut(String reason) {
            leftOut.merge(reason, 1, Integer::sum);
        }

        /** Whether a photo, identified by its SHA-256, comes for the first time. */
        boolean isNew(String sha256) {
            return photos.add(sha256);
        }

        boolean isErased(LabelledFace photo) throws SQLException {
            if (!fences.containsKey(photo.name())) {
                fences.put(photo.name(), fence(photo.name()));
            }
            return fences.get(photo.name())
                    .filter(fence -> !photo.appendedAt().isAfter(fence))
                    .isPresent();
        }

        /** The name of today of whoever had this one before: one person is one class, by whatever name. */
        String currentName(String name) throws SQLException {
            if (!currentNames.containsKey(name)) {
                currentNames.put(name, TrainingData.this.currentName(name));
            }
            return currentNames.get(name);
        }

        void add(String name, Picture chip) throws IOException {
            if (seen.hasSeen(name, chip)) {
                leaveOut(NEAR_DUPLICATE);
                return;
            }
            if (chips.size() >= maxPhotos) {
                throw new IllegalArgumentException("there are more than " + maxPhotos
                        + " photos: name people or a time, or set facestream.training.max-photos higher");
            }
            people.computeIfAbsent(name, first -> new ArrayList<>()).add(chips.append(chip));
        }
    }

    /**
     * Reads everything.
     *
     * @param chips receives the faces
     * @param ends where topics ended when the command came
     * @param commandAt that time
     * @param progress called for each photo with the number kept so far
     * @throws IllegalArgumentException if there is nothing to learn from; the message says why photos were left out
     * @throws IOException if the broker does not answer, or the scratch folder is full
     */
    public Read read(
            FineTune command,
            Map<String, Map<Integer, Long>> ends,
            Instant commandAt,
            ChipStore chips,
            IntConsumer progress)
            throws IOException, SQLException {
        if (gate == null) {
            gate = gates.get();
        }
        Collection collection = new Collection(chips, command);
        if (command.withGallery()) {
            readGallery(collection, commandAt, progress);
        }
        topics.read(command, ends, record -> {
            progress.accept(collection.photos.size());
            try {
                LabelledFace photo = LabelledFace.of(record);
                read(collection, photo);
            } catch (EnrolmentRejection e) {
                collection.leaveOut(e.reason().code());
            }
        });
        return split(collection, command.share());
    }

    private void read(Collection collection, LabelledFace photo) throws EnrolmentRejection, IOException, SQLException {
        String name = collection.currentName(photo.name());
        if (!collection.wants(photo.name()) && !collection.wants(name)) {
            return;
        }
        if (collection.isErased(photo)) {
            collection.leaveOut("erased");
            return;
        }
        if (!collection.isNew(Sha256.hex(photo.photo()))) {
            return;
        }
        try (FaceView view = gate.find(photo.photo())) {
            collection.add(name, view.chip());
        }
    }

    private void readGallery(Collection collection, Instant before, IntConsumer progress)
            throws SQLException, IOException {
        // Outside a transaction the driver would fetch every chip at once.
        Sql.reading(dataSource, sql -> {
            sql.each(
                    FETCHED_CHIPS,
                    "select i.name, s.sha256, s.chip"
                            + " from facestream.face_sample s join facestream.identity i on i.id = s.identity_id"
                            + " where i.kind = 'person' and s.created_at <= ? order by i.name, s.id",
                    row -> {
                        String name = plain(row.getString(1));
                        if (collection.wants(name)
                                && collection.isNew(HexFormat.of().formatHex(row.getBytes(2)))) {
                            progress.accept(collection.photos.size());
                            addChip(collection, name, row.getBytes(3));
                        }
                    },
                    before);
            return null;
        });
    }

    private static void addChip(Collection collection, String name, byte[] png) throws IOException {
        try (Picture chip = ChipPng.decode(png)) {
            collection.add(name, chip);
        } catch (RejectedException e) {
            collection.leaveOut("broken-chip");
        }
    }

    /** The plain form of a name. Old names that have no plain form are taken as they are. */
    private static String plain(String name) {
        try {
            return PlainName.of(name);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private String currentName(String name) throws SQLException {
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "select name from facestream.identity where id = facestream.person_named(?)",
                                row -> row.getString(1),
                                name))
                .map(TrainingData::plain)
                .orElse(name);
    }

    /** The time up to which photos of a name do not count. A later erasure is found among the people trained on. */
    private Optional<Instant> fence(String name) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.first(
                        "select facestream.fenced(?)",
                        row -> {
                            OffsetDateTime fence = row.getObject(1, OffsetDateTime.class);
                            return fence == null ? null : fence.toInstant();
                        },
                        NameHash.of(name)));
    }

    private static Read split(Collection collection, double share) {
        List<Person> training = new ArrayList<>();
        List<Person> heldBack = new ArrayList<>();
        collection.people.forEach((name, chips) ->
                (chips.size() >= 2 && isHeldBack(name, share) ? heldBack : training).add(new Person(name, chips)));
        if (training.size() < 2 && training.size() + heldBack.size() >= 2) {
            training.addAll(heldBack);
            heldBack.clear();
        }
        if (training.size() < 2) {
            throw new IllegalArgumentException("triplets need photos of at least two people, and there are "
                    + training.size() + "; photos left out: "
                    + (collection.leftOut.isEmpty() ? "none" : collection.leftOut));
        }
        return new Read(
                new TrainingSet(training, heldBack),
                new Dataset(photos(training), training.size(), photos(heldBack), heldBack.size(), collection.leftOut));
    }

    /** Decides by a hash of the name, so that the same people are held back in every run, whoever else there is. */
    static boolean isHeldBack(String name, double share) {
        long hash = ByteBuffer.wrap(Sha256.of(name.getBytes(UTF_8))).getInt() & 0xFFFFFFFFL;
        return hash < share * (1L << 32);
    }

    private static int photos(List<Person> people) {
        return people.stream().mapToInt(person -> person.chips().size()).sum();
    }
}
