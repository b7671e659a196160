package io.facestream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.addWeighted;

import io.facestream.SyntheticPictures;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.frames.Picture;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.training.Training.Listener;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.EndReason;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.commands.TrainingSettings.Ties;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingSet;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.network.Architecture;
import io.facestream.training.network.Mining;
import io.facestream.training.network.NearFarGraph;
import io.facestream.training.network.NetworkGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six people of blobs of colour, each photo with other blobs over them. */
class TrainerTest {
    private static final int PEOPLE = 6;
    private static final int PHOTOS = 3;
    private static final Optional<byte[]> BASE = Optional.of(ShippedModel.weights());
    private static final Listener GO_ON = (done, all, loss) -> true;

    @TempDir
    private Path folder;

    private ChipStore chips;
    private TrainingSet set;

    @BeforeEach
    void fillStore() throws IOException {
        chips = new ChipStore(folder);
        List<Person> people = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            List<Integer> photos = new ArrayList<>();
            for (int photo = 0; photo < PHOTOS; photo++) {
                try (Picture face = SyntheticPictures.blobs(160, 160, person);
                        Picture light = SyntheticPictures.blobs(160, 160, 100 * person + photo);
                        Mat both = new Mat()) {
                    addWeighted(face.rgb(), 0.5, light.rgb(), 0.5, 0, both);
                    photos.add(chips.append(new Picture(both)));
                }
            }
            people.add(new Person("P" + person, photos));
        }
        set = new TrainingSet(people.subList(0, 4), people.subList(4, 6));
    }

    @AfterEach
    void closeStore() throws IOException {
        chips.close();
    }

    private static TrainingSettings settings(int epochs, double margin, double rate, double baseWeight) {
        return settings(epochs, margin, rate, baseWeight, 0, 0);
    }

    private static TrainingSettings settings(
            int epochs, double margin, double rate, double baseWeight, double minClusterDistance, int patience) {
        return new TrainingSettings(
                Architecture.MOBILEFACENET,
                Mining.SEMI_HARD,
                margin,
                epochs,
                2,
                2,
                rate,
                Augmentation.FAR_CAMERA,
                new Ties(baseWeight, 2, 0, 0),
                minClusterDistance,
                patience,
                1);
    }

    private Trainer trainer(TrainingSettings settings) {
        return Trainer.start(settings, BASE, Optional.empty(), chips, set, 1);
    }

    private List<Integer> all() {
        return IntStream.range(0, chips.size()).boxed().toList();
    }

    private float[][] embed(byte[] savedModel) throws IOException {
        return embed(savedModel, chip -> {});
    }

    /** @param change made to each chip before */
    private float[][] embed(byte[] savedModel, Consumer<Mat> change) throws IOException {
        try (Network network = Network.load("test", savedModel, ComputeDevice.CPU);
                FaceEmbedder embedder = new FaceEmbedder(network, 112)) {
            float[][] vectors = new float[chips.size()][];
            for (int i = 0; i < vectors.length; i++) {
                try (Picture chip = chips.read(i)) {
                    change.accept(chip.rgb());
                    vectors[i] = embedder.embed(chip).vector();
                }
            }
            return vectors;
        }
    }

    private static void assertClose(float[][] vectors, float[][] expected, double tolerance) {
        assertThat(vectors).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            for (int d = 0; d < expected[i].length; d++) {
                assertThat(vectors[i][d]).isCloseTo(expected[i][d], within((float) tolerance));
            }
        }
    }

    private static double greatestDifference(float[][] first, float[][] second) {
        double greatest = 0;
        for (int i = 0; i < first.length; i++) {
            for (int d = 0; d < first[i].length; d++) {
                greatest = Math.max(greatest, Math.abs(first[i][d] - second[i][d]));
            }
        }
        return greatest;
    }

    @Test
    void beforeTheFirstStepTheNetworkIsItsBase() throws IOException {
        try (Trainer trainer = trainer(settings(1, 0.5, 1e-3, 1))) {
            float[][] base = embed(BASE.get());

            assertClose(embed(trainer.savedModel()), base, 1e-6);
            assertClose(trainer.embed(all()), base, 1e-4);
        }
    }

    /** Of photos as they are: with augmentation so few lead elsewhere on each kind of processor. */
    @Test
    void lossFallsOverEpochsAndWhatIsLearntIsInTheSavedModel() throws IOException {
        TrainingSettings plain = new TrainingSettings(
                Architecture.MOBILEFACENET, Mining.SEMI_HARD, 1, 4, 2, 2, 1e-3, Augmentation.NONE, Ties.NONE, 0, 0, 1);
        try (Trainer trainer = trainer(plain)) {
            List<EpochReport> reports = new ArrayList<>();
            while (trainer.end().isEmpty()) {
                reports.add(trainer.runEpoch(GO_ON).orElseThrow());
            }

            EpochReport first = reports.get(0);
            EpochReport last = reports.get(3);
            assertThat(trainer.end().get().reason()).isEqualTo(EndReason.EPOCHS);
            assertThat(last.tripletLoss()).isLessThan(0.8 * first.tripletLoss());
            assertThat(last.interDistance()).isGreaterThan(last.intraDistance());
            assertThat(last.epoch()).isEqualTo(4);
            assertThat(last.steps()).isEqualTo(4L * trainer.batches());
            assertThat(last.photosPerSecond()).isPositive();
            assertThat(last.graphShare()).isBetween(0.0, 1.0);
            assertThat(last.heldBack()).isPresent();
            assertThat(greatestDifference(embed(trainer.savedModel()), embed(BASE.get())))
                    .isGreaterThan(0.01);
            assertClose(trainer.embed(all()), embed(trainer.savedModel()), 1e-3);
        }
    }

    @Test
    void aRunThatIsResumedEndsAsTheOneThatWasNotKilled() throws IOException {
        TrainingSettings settings = settings(4, 1, 1e-3, 1);
        byte[] checkpoint;
        float[][] unkilled;
        try (Trainer trainer = trainer(settings)) {
            trainer.runEpoch(GO_ON);
            trainer.runEpoch(GO_ON);
            checkpoint = trainer.checkpoint();
            trainer.runEpoch(GO_ON);
            trainer.runEpoch(GO_ON);
            unkilled = trainer.embed(all());
        }

        try (Trainer trainer = trainer(settings)) {
            trainer.resume(checkpoint);
            assertThat(trainer.epochsDone()).isEqualTo(2);
            assertThat(trainer.runEpoch(GO_ON).orElseThrow().epoch()).isEqualTo(3);
            trainer.runEpoch(GO_ON);

            assertThat(trainer.end()).isPresent();
            float[][] base = embed(BASE.get());
            assertThat(greatestDifference(trainer.embed(all()), unkilled))
                    .isLessThan(0.05 * greatestDifference(unkilled, base));
        }
    }

    @Test
    void theTermTowardsTheBaseHoldsTheNetworkBack() throws IOException {
        float[][] base = embed(BASE.get());
        double[] moved = new double[2];
        for (int i = 0; i < 2; i++) {
            try (Trainer trainer = trainer(settings(4, 1, 2e-3, 50 * i))) {
                while (trainer.end().isEmpty()) {
                    trainer.runEpoch(GO_ON);
                }
                moved[i] = greatestDifference(trainer.embed(all()), base);
            }
        }
        assertThat(moved[1]).isLessThan(moved[0] / 2);
    }

    @Test
    void aCheckpointOfOtherSettingsIsRefused() throws IOException {
        try (Trainer trainer = trainer(settings(4, 1, 1e-3, 0));
                Trainer other = trainer(settings(5, 1, 1e-3, 0))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.resume(trainer.checkpoint()))
                    .withMessageContaining("epochs=4");
        }
    }

    @Test
    void aListenerCancels() throws IOException {
        try (Trainer trainer = trainer(settings(4, 1, 1e-3, 0))) {
            assertThat(trainer.runEpoch((done, all, loss) -> done < 1)).isEmpty();

            assertThat(trainer.end().orElseThrow().reason()).isEqualTo(EndReason.CANCELLED);
            assertThatIllegalStateException().isThrownBy(() -> trainer.runEpoch(GO_ON));
        }
    }

    @Test
    void aRateThatBreaksTheNetworkEndsTheRun() throws IOException {
        try (Trainer trainer = trainer(settings(8, 0.5, 1, 0))) {
            while (trainer.end().isEmpty()) {
                trainer.runEpoch(GO_ON);
            }
            assertThat(trainer.end().get().reason()).isEqualTo(EndReason.COLLAPSED);
            assertThat(trainer.end().get().message()).contains("learning rate");
        }
    }

    @Test
    void whereTheMarginIsKeptAlreadyThereIsNothingToLearn() throws IOException {
        try (Trainer trainer = Trainer.start(
                new TrainingSettings(
                        Architecture.MOBILEFACENET,
                        Mining.SEMI_HARD,
                        0.001,
                        4,
                        4,
                        2,
                        1e-6,
                        Augmentation.NONE,
                        Ties.NONE,
                        0,
                        0,
                        1),
                BASE,
                Optional.empty(),
                chips,
                onePhotoEach(),
                1)) {
            trainer.runEpoch(GO_ON);

            assertThat(trainer.end().orElseThrow().reason()).isEqualTo(EndReason.NOTHING_TO_LEARN);
        }
    }

    /** A batch has the same photo of this person twice. */
    private TrainingSet onePhotoEach() {
        return new TrainingSet(
                set.training().stream()
                        .map(person -> new Person(person.name(), person.chips().subList(0, 1)))
                        .toList(),
                List.of());
    }

    @Test
    void whoAreFarEnoughApartEndTheRun() throws IOException {
        try (Trainer trainer = trainer(settings(4, 1, 1e-3, 0, 0.01, 0))) {
            EpochReport report = trainer.runEpoch(GO_ON).orElseThrow();

            assertThat(report.clusterDistance().orElseThrow()).isGreaterThan(0.01);
            assertThat(trainer.end().orElseThrow().reason()).isEqualTo(EndReason.MIN_CLUSTER_DISTANCE);
        }
    }

    @Test
    void figuresThatDoNotRiseEndTheRun() throws IOException {
        try (Trainer trainer = trainer(settings(40, 1, 1e-9, 0, 0, 2))) {
            int epochs = 0;
            while (trainer.end().isEmpty()) {
                trainer.runEpoch(GO_ON);
                epochs++;
            }
            assertThat(trainer.end().get().reason()).isEqualTo(EndReason.NO_IMPROVEMENT);
            assertThat(epochs).isEqualTo(3);
        }
    }

    @Test
    void theNetworkLearnsTheSimilaritiesOfATeacherOfOtherDimensions() throws IOException {
        TrainingSettings taught = new TrainingSettings(
                Architecture.MOBILEFACENET,
                Mining.SEMI_HARD,
                0.001,
                4,
                4,
                3,
                1e-4,
                Augmentation.NONE,
                new Ties(0, 1, 50, 0),
                0,
                0,
                1);
        byte[] teacher = ShippedModel.pairWeights();
        List<Integer> learnt = set.training().stream()
                .flatMap(person -> person.chips().stream())
                .toList();
        try (Trainer trainer = Trainer.start(taught, BASE, Optional.of(teacher), chips, set, 1)) {
            float[][] similarities = rows(embed(teacher), learnt);
            double before = difference(trainer.embed(learnt), similarities);
            while (trainer.end().isEmpty()) {
                trainer.runEpoch(GO_ON);
            }

            assertThat(difference(trainer.embed(learnt), similarities)).isLessThan(0.7 * before);
        }
    }

    /** Weights that lie between the base's and the trained ones make vectors that lie between theirs. */
    @Test
    void theBasesShareLeadsBackToTheBase() throws IOException {
        float[][] base = embed(BASE.get());
        float[][] whole = embed(trained(0));
        float[][] hardly = embed(trained(0.99));

        assertThat(greatestDifference(whole, base)).isGreaterThan(1e-3);
        assertThat(greatestDifference(hardly, base)).isLessThan(0.1 * greatestDifference(whole, base));
    }

    @Test
    void farOnlyLeavesFacesThatDoNotLookFarToTheBase() throws IOException {
        byte[] trained = trained(farOnly());

        assertThat(greatestDifference(embed(trained, TrainerTest::sharpen), embed(BASE.get(), TrainerTest::sharpen)))
                .isZero();
        assertThat(greatestDifference(embed(trained), embed(BASE.get())))
                .as("blobs look far")
                .isGreaterThan(1e-3);
    }

    @Test
    void normsOfFarPhotosAreComparedUnderBothNetworks() throws IOException {
        NetworkGraph base = Architecture.MOBILEFACENET.network(BASE, 1);
        byte[] longer = NearFarGraph.of(base, base, 192, 2).savedModel();

        assertThat(FarNorms.ratio(BASE.get(), BASE.get(), chips, all())).isCloseTo(1, within(1e-6));
        assertThat(FarNorms.ratio(BASE.get(), longer, chips, all()))
                .as("0.5, if all photos look far")
                .isLessThan(0.75);
    }

    /** Gives every second pixel of a row another brightness. */
    private static void sharpen(Mat chip) {
        UByteIndexer pixels = chip.createIndexer();
        for (long row = 0; row < pixels.size(0); row++) {
            for (long column = row % 2; column < pixels.size(1); column += 2) {
                pixels.put(row, column, 0, 255 - pixels.get(row, column, 0));
            }
        }
    }

    @Test
    void farOnlyNeedsABase() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.start(
                        TrainingSettings.defaults(Architecture.RESNET50, Augmentation.FAR_ONLY),
                        Optional.empty(),
                        Optional.empty(),
                        chips,
                        set,
                        1))
                .withMessage("far-only trains for far faces, and leaves all others to a base: none was given");
    }

    private static TrainingSettings farOnly() {
        return new TrainingSettings(
                Architecture.MOBILEFACENET,
                Mining.SEMI_HARD,
                1,
                1,
                2,
                2,
                1e-3,
                Augmentation.FAR_ONLY,
                new Ties(1, 1, 0, 0),
                0,
                0,
                1);
    }

    private byte[] trained(double baseShare) throws IOException {
        TrainingSettings settings = new TrainingSettings(
                Architecture.MOBILEFACENET,
                Mining.SEMI_HARD,
                1,
                1,
                2,
                2,
                1e-3,
                Augmentation.NONE,
                new Ties(0, 1, 0, baseShare),
                0,
                0,
                1);
        return trained(settings);
    }

    private byte[] trained(TrainingSettings settings) throws IOException {
        try (Trainer trainer = trainer(settings)) {
            while (trainer.end().isEmpty()) {
                trainer.runEpoch(GO_ON);
            }
            return trainer.savedModel();
        }
    }

    private static float[][] rows(float[][] vectors, List<Integer> indexes) {
        return indexes.stream().map(index -> vectors[index]).toArray(float[][]::new);
    }

    /** The mean squared difference between the cosines of all pairs under two networks. */
    private static double difference(float[][] first, float[][] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            for (int j = 0; j < first.length; j++) {
                double difference = cosine(first[i], first[j]) - cosine(second[i], second[j]);
                sum += difference * difference;
            }
        }
        return sum / first.length / (first.length - 1);
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        for (int d = 0; d < a.length; d++) {
            product += a[d] * b[d];
        }
        return product;
    }

    @Test
    void aBaseThatIsNoVersionOfTheArchitectureIsRefused() {
        TrainingSettings resNet = TrainingSettings.defaults(Architecture.RESNET50, Augmentation.NONE);
        TrainingSettings mobileFaceNet = TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.NONE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.start(resNet, BASE, Optional.empty(), chips, set, 1))
                .withMessageContaining("not a version of resnet50")
                .withMessageContaining("conv1/weights");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.start(mobileFaceNet, Optional.empty(), Optional.empty(), chips, set, 1))
                .withMessageContaining("mobilefacenet is fine-tuned from one of its versions");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Trainer.start(mobileFaceNet, Optional.of(new byte[] {1, 2}), Optional.empty(), chips, set, 1));
    }
}
