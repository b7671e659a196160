package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.Neighbour;
import io.facestream.gallery.Recognition;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.VectorText;
import io.facestream.gallery.archive.GalleryExport.Choice;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves the gallery comes back as it was, and nothing comes back that was erased or is no archive. */
class GalleryArchiveTest {
    private static final TestGallery DATABASE = TestGallery.of(GalleryArchiveTest.class);
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID EVE = UUID.fromString("00000000-0000-4000-8000-00000000000e");
    private static final UUID PHOTO = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER_PHOTO = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final UUID STRANGER = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID NEGATIVE = UUID.fromString("00000000-0000-4000-8000-000000000003");
    private static final Instant NEXT_YEAR =
            Instant.now().plus(Duration.ofDays(365)).truncatedTo(ChronoUnit.MICROS);
    private static final int GALLERY = 150;
    private static final int PROBES = 1_000;
    private static final int STRANGERS = 50;
    private static final StrangersConfig KEEP_STRANGERS = new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(StrangersConfig.class)
            .withDefaultValue("facestream.strangers.keep", "P30D")
            .build()
            .getConfigMapping(StrangersConfig.class);

    /** What an archive holds of everybody, as text. */
    private static final List<String> CONTENTS = List.of(
            "select id, name, kind, metadata, created_at, merged_into, ignored from facestream.identity order by id",
            "select name, identity_id from facestream.identity_alias order by name",
            "select identity_id, tag from facestream.identity_tag order by 1, 2",
            "select id, identity_id, sha256, md5(chip), enrolled, quality, source_topic, source_partition,"
                    + " source_offset, created_at from facestream.face_sample order by id",
            "select model_version, sample_id, embedding, norm from facestream.face_embedding order by 1, 2",
            "select model_version, identity_id, embedding, samples from facestream.template order by 1, 2",
            "select id, identity_id, source, event_id, md5(chip), created_at from facestream.negative order by id",
            "select model_version, identity_id, negative_id, embedding from facestream.negative_embedding order by 3, 1",
            "select identity_id, kept_at, expires_at from facestream.stranger order by 1",
            "select id, identity_id, sha256, md5(chip), quality, source_topic, source_partition, source_offset, created_at"
                    + " from facestream.stranger_chip order by id",
            "select model_version, chip_id, embedding, norm from facestream.stranger_embedding order by 1, 2",
            "select model_version, identity_id, embedding, chips from facestream.stranger_template order by 1, 2");

    @TempDir
    private Path folder;

    @BeforeEach
    void renew() throws Exception {
        DATABASE.renew();
    }

    private GalleryImport.Added read(Path archive) throws Exception {
        return new GalleryImport(DATABASE.dataSource(), ComputeDevice.CPU).read(archive, false);
    }

    private Path write(UUID person, boolean vectors) throws Exception {
        Path file = folder.resolve(UUID.randomUUID() + ".zip");
        new GalleryExport(DATABASE.dataSource()).write(file, new Choice(person, true, vectors));
        return file;
    }

    private static byte[] chip(int seed) {
        try (Picture picture = SyntheticPictures.blobs(160, 160, seed)) {
            return ChipPng.encode(picture);
        }
    }

    private static List<List<String>> contents() throws Exception {
        List<List<String>> contents = new ArrayList<>();
        for (String query : CONTENTS) {
            contents.add(DATABASE.query(query));
        }
        return contents;
    }

    private static TestArchive archiveOfAdaAndEve() {
        return new TestArchive()
                .person(ADA, "Ada")
                .person(EVE, "Eve")
                .photo(PHOTO, ADA, chip(1))
                .photo(OTHER_PHOTO, EVE, chip(2));
    }

    private Path adaAndEve() throws Exception {
        return archiveOfAdaAndEve().write(folder.resolve("hand.zip"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void peoplePhotosTagsNamesMergesNegativesAndStrangersComeBackAsTheyWere(boolean vectors) throws Exception {
        GalleryImport.Added everything = new GalleryImport.Added(4, 3, 1, 0);
        assertThat(read(archiveOfAdaAndEve()
                        .stranger(STRANGER, null, NEXT_YEAR)
                        .stranger(new UUID(0, 4), ADA, NEXT_YEAR)
                        .photo(new UUID(0, 5), STRANGER, chip(3))
                        .negative(NEGATIVE, EVE, chip(4))
                        .write(folder.resolve("all.zip"))))
                .isEqualTo(everything);
        DATABASE.execute("select facestream.tag_people(array['Ada'], 'founder', true);"
                + " select facestream.rename_person(gen_random_uuid(), 'Ada', 'Ada Lovelace')"
                + " from facestream.gallery_command");
        DATABASE.execute("insert into facestream.identity_alias (name, identity_id) values ('Ada Byron', '" + ADA
                + "'); select facestream.ignore_people(array['Ada'], true);"
                + " update facestream.identity set merged_into = '" + ADA + "' where id = '" + EVE + "';"
                + " update facestream.face_sample set identity_id = '" + ADA + "'");
        List<List<String>> before = contents();
        assertThat(before).noneMatch(List::isEmpty);
        Path archive = write(null, vectors);
        DATABASE.renew();

        assertThat(read(archive)).isEqualTo(everything);

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aThousandProbesHaveTheSameAnswersAfterTheGalleryWasExportedEmptiedAndImported() throws Exception {
        List<Path> photos = SharedData.lfwPhotos(PROBES);
        TestArchive hand = new TestArchive();
        for (int i = 0; i < GALLERY; i++) {
            UUID person = new UUID(1, i);
            hand.person(person, "person " + i).photo(new UUID(2, i), person, png(photos.get(i * PROBES / GALLERY)));
        }
        for (int i = 0; i < STRANGERS; i++) {
            UUID stranger = new UUID(3, i);
            hand.stranger(stranger, null, NEXT_YEAR).photo(new UUID(4, i), stranger, png(photos.get(7 * i + 1)));
        }
        read(hand.write(folder.resolve("lfw.zip")));
        List<Embedding> probes = probes(photos);
        for (int i = 2; i < PROBES; i += PROBES / STRANGERS) {
            deny(photos.get(i), probes.get(i));
        }
        List<Object> before = answers(probes);
        assertThat(before)
                .anyMatch(answer -> answer.toString().contains("ruledOut=true"))
                .anyMatch(answer -> answer instanceof UUID);
        for (boolean vectors : List.of(true, false)) {
            Path archive = write(null, vectors);
            DATABASE.renew();
            assertThat(answers(probes.subList(0, 1))).as("an empty gallery").isNotEqualTo(before.subList(0, 1));
            read(archive);

            assertThat(answers(probes)).as("with vectors: %s", vectors).isEqualTo(before);
        }
    }

    /** The face is about 100 px high in the middle of 250. */
    private static byte[] png(Path photo) {
        try (Picture chip = middle(photo)) {
            return ChipPng.encode(chip);
        }
    }

    private static Picture middle(Path photo) {
        try (Picture picture = SharedData.read(photo);
                Rect middle = new Rect(65, 65, 120, 120)) {
            Mat chip = new Mat(160, 160, picture.rgb().type());
            resize(picture.rgb().apply(middle), chip, chip.size(), 0, 0, INTER_LINEAR);
            return new Picture(chip);
        }
    }

    private static List<Embedding> probes(List<Path> photos) throws Exception {
        ModelRegistry registry = new ModelRegistry(DATABASE.dataSource());
        List<Embedding> probes = new ArrayList<>();
        try (Recognition network = Recognition.load(registry, registry.active(), ComputeDevice.CPU)) {
            for (Path photo : photos) {
                try (Picture chip = middle(photo)) {
                    probes.addAll(network.embed(List.of(chip)));
                }
            }
        }
        return probes;
    }

    /** Says that the face is not that of whoever is nearest. */
    private static void deny(Path photo, Embedding face) throws Exception {
        ModelVersion version = new ModelRegistry(DATABASE.dataSource()).active();
        Neighbour nearest = new GallerySearch(DATABASE.dataSource())
                .nearest(version, List.of(face), 1)
                .neighbours()
                .get(0)
                .get(0);
        Sql.on(
                DATABASE.dataSource(),
                sql -> sql.first(
                        "select facestream.add_negative(gen_random_uuid(), ?, '/cameras/lobby', ?, ?, ?, ?)",
                        row -> row.getString(1),
                        nearest.identityId().toString(),
                        photo.toString(),
                        png(photo),
                        Sql.array("text", new String[] {version.version()}),
                        Sql.array("text", new String[] {VectorText.of(face)})));
    }

    /** The nearest people to each probe with whom it is not, and the stranger who it is, or none. */
    private static List<Object> answers(List<Embedding> probes) throws Exception {
        ModelVersion version = new ModelRegistry(DATABASE.dataSource()).active();
        List<Object> answers = new ArrayList<>(new GallerySearch(DATABASE.dataSource())
                .nearest(version, probes, 3)
                .neighbours());
        for (UUID stranger : new StrangerSearch(DATABASE.dataSource(), KEEP_STRANGERS).find(version, 0, probes)) {
            answers.add(stranger == null ? "nobody" : stranger);
        }
        return answers;
    }

    @Test
    void whoeverWasErasedDoesNotComeBack() throws Exception {
        read(adaAndEve());
        Path archive = write(null, false);
        DATABASE.execute("select facestream.erase_person('Ada'); delete from facestream.identity");

        assertThatThrownBy(() -> read(archive))
                .isInstanceOf(ArchiveException.class)
                .hasMessageStartingWith("rejected: erased: " + ADA);
        assertThat(DATABASE.query("select name from facestream.identity")).isEmpty();

        assertThat(new GalleryImport(DATABASE.dataSource(), ComputeDevice.CPU).read(archive, true))
                .isEqualTo(new GalleryImport.Added(1, 1, 0, 1));
        assertThat(DATABASE.query("select name from facestream.identity")).containsExactly("Eve");
    }

    @Test
    void somebodyWithAnotherIdButAFencedNameDoesNotComeBack() throws Exception {
        DATABASE.execute("select facestream.erase_person('Ada', unknown => true)");

        assertThatThrownBy(() -> read(adaAndEve())).hasMessageStartingWith("rejected: erased");
    }

    @Test
    void peopleWhoAreInTheGalleryAreNotImportedTwice() throws Exception {
        Path archive = adaAndEve();
        read(archive);
        List<List<String>> before = contents();

        assertThatThrownBy(() -> read(archive)).hasMessage(ADA + " is in the gallery already");

        assertThat(contents()).isEqualTo(before);
    }

    /** Archives that are none, or not as they should be. */
    enum Wrong {
        A_NAME_THAT_LEADS_ELSEWHERE("no entries but those") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("../elsewhere.png", new byte[1]);
            }
        },
        ANOTHER_FORMAT("format is 1 in this version, not 2") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("archive.json", "{\"format\": 2}".getBytes(UTF_8));
            }
        },
        A_LINE_THAT_IS_NO_JSON("people.jsonl, line 1: not valid JSON") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("people.jsonl", "Ada\n".getBytes(UTF_8));
            }
        },
        A_LINE_WITHOUT_END("more than 1048576 bytes") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("people.jsonl", new byte[2 << 20]);
            }
        },
        HALF_A_LINE("ends in the middle of a line") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("people.jsonl", "{\"id\"".getBytes(UTF_8));
            }
        },
        A_PICTURE_THAT_UNPACKS_TO_TOO_MUCH("more than 262144 bytes") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("photos/" + OTHER_PHOTO + ".png", new byte[8 << 20]);
            }
        },
        A_PICTURE_THAT_IS_NONE("a chip is a PNG") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.entry("photos/" + OTHER_PHOTO + ".png", "a picture".getBytes(UTF_8));
            }
        },
        A_PHOTO_OF_NOBODY("is of nobody in the archive") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.photo(new UUID(0, 3), new UUID(0, 4), chip(3));
            }
        },
        ONE_PHOTO_TWICE("in the gallery already") {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.photo(PHOTO, ADA, chip(3));
            }
        },
        ONE_NAME_TWICE("it is the name of " + ADA) {
            @Override
            TestArchive of(TestArchive archive) {
                return archive.person(new UUID(0, 3), "Ada");
            }
        };

        private final String message;

        Wrong(String message) {
            this.message = message;
        }

        abstract TestArchive of(TestArchive archive);
    }

    @ParameterizedTest
    @EnumSource
    void anArchiveThatIsWrongIsRefusedAndNothingIsAdded(Wrong wrong) throws Exception {
        Path file = wrong.of(archiveOfAdaAndEve()).write(folder.resolve("wrong.zip"));

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining(wrong.message);

        assertThat(DATABASE.query("select 1 from facestream.identity")).isEmpty();
    }

    @Test
    void aFileThatIsNoZipIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("a.zip"), "people");

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("is not a zip");
    }

    @Test
    void strangersLeaveOnlyWhereTheyAreAskedFor() throws Exception {
        read(archiveOfAdaAndEve()
                .stranger(STRANGER, null, NEXT_YEAR)
                .photo(new UUID(0, 5), STRANGER, chip(3))
                .write(folder.resolve("all.zip")));
        Path file = folder.resolve("people.zip");

        assertThat(new GalleryExport(DATABASE.dataSource()).write(file, new Choice(null, false, true)))
                .isEqualTo(new GalleryExport.Written(2, 2, 0));
    }

    /** Of whoever was given a name that was taken back, when a face had been said not to be theirs. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void facesThatAreNotAStrangersLeaveWithTheStrangerAlone(boolean strangers) throws Exception {
        read(archiveOfAdaAndEve()
                .stranger(STRANGER, null, NEXT_YEAR)
                .photo(new UUID(0, 5), STRANGER, chip(3))
                .negative(NEGATIVE, STRANGER, chip(4))
                .write(folder.resolve("all.zip")));
        List<List<String>> before = contents();
        Path file = folder.resolve("again.zip");

        new GalleryExport(DATABASE.dataSource()).write(file, new Choice(null, strangers, true));
        DATABASE.renew();

        assertThat(read(file))
                .isEqualTo(strangers ? new GalleryImport.Added(3, 3, 1, 0) : new GalleryImport.Added(2, 2, 0, 0));
        if (strangers) {
            assertThat(contents()).isEqualTo(before);
        }
    }

    @Test
    void strangersWhoseTimeIsUpDoNotComeBack() throws Exception {
        read(archiveOfAdaAndEve()
                .stranger(STRANGER, null, Instant.EPOCH)
                .photo(new UUID(0, 5), STRANGER, chip(3))
                .write(folder.resolve("all.zip")));

        assertThat(DATABASE.query("select 1 from facestream.stranger_chip")).isEmpty();
        assertThat(DATABASE.query("select 1 from facestream.identity where kind = 'stranger'"))
                .isEmpty();
    }

    @Test
    void aFaceThatWasErasedWithWhomItShowsDoesNotComeBack() throws Exception {
        read(archiveOfAdaAndEve().negative(NEGATIVE, EVE, chip(1)).write(folder.resolve("all.zip")));
        Path archive = write(null, true);
        DATABASE.execute("select facestream.erase_person('Ada'); delete from facestream.identity;"
                + " delete from facestream.identity_alias");

        assertThat(new GalleryImport(DATABASE.dataSource(), ComputeDevice.CPU).read(archive, true))
                .isEqualTo(new GalleryImport.Added(1, 1, 0, 1));
    }

    @Test
    void anExportIsInTheTrailAndItsFileIsItsOwnersAlone() throws Exception {
        read(adaAndEve());

        Path archive = write(null, false);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("rw-------");
        assertThat(DATABASE.query("select detail ->> 'people' from facestream.audit where action = 'export'"
                        + " and detail ? 'people'"))
                .containsExactly("2");
    }

    @Test
    void noRoleOfAServiceMayExportOrImport() throws Exception {
        for (String role : List.of("curation", "web", "reader", "enrolment", "training")) {
            assertThatThrownBy(() -> new GalleryExport(DATABASE.as("facestream_" + role))
                            .write(folder.resolve(role + ".zip"), new Choice(null, false, false)))
                    .as(role)
                    .hasMessageContaining("permission denied");
            assertThat(folder.resolve(role + ".zip")).doesNotExist();
        }
    }
}
