package io.facestream.training.commands;

import io.facestream.training.network.Architecture;
import io.facestream.training.network.Mining;

/**
 * How a network is trained.
 *
 * @param architecture which network
 * @param mining which triplets count
 * @param margin by which a negative must be farther from the anchor than the positive, in squared distance of unit
 *     vectors: above 0, at most {@value #GREATEST_MARGIN}
 * @param epochs at most, 1 to {@value #MOST_EPOCHS}; the learning rate falls to zero over them
 * @param people in a batch, at least 2
 * @param photos of each person in a batch, at least 2; people times photos at most {@value #LARGEST_BATCH}
 * @param learningRate the highest of Adam, above 0, at most 1; in a fine-tuning relative to each tensor's root mean
 *     square, because the sizes of the weights differ 80-fold
 * @param augmentation what is done to photos
 * @param ties to other networks
 * @param minClusterDistance ends the run once the centres of any two people are so far apart, 0 to 2; 0 never
 * @param patience ends the run after so many epochs in which the figures of the held-back people did not rise; 0 never
 * @param seed of all random draws
 */
public record TrainingSettings(
        Architecture architecture,
        Mining mining,
        double margin,
        int epochs,
        int people,
        int photos,
        double learningRate,
        Augmentation augmentation,
        Ties ties,
        double minClusterDistance,
        int patience,
        long seed) {
    /** Unit vectors are at most 4 apart in squared distance, people who are told apart about 2. */
    static final int GREATEST_MARGIN = 2;

    static final int MOST_EPOCHS = 10_000;

    /** Mining looks at all triplets of a batch: their number grows with its cube. */
    static final int LARGEST_BATCH = 256;

    static final int GREATEST_WEIGHT = 100;

    private static final double TEACHER_WEIGHT = 30;

    /**
     * What keeps the network near others. A network from random weights has no base: base, clean and baseShare count
     * for nothing there.
     *
     * @param base lambda, 0 to {@value #GREATEST_WEIGHT}: weight of the squared distance to the base network's
     *     embedding of the photo before augmentation; 0 leaves that term out
     * @param clean relative weight in that term of photos that are not degraded, 1 to {@value #GREATEST_WEIGHT}
     * @param teacher mu, 0 to {@value #GREATEST_WEIGHT}: weight of the mean squared difference between the cosines of a
     *     batch's photos and those that a teacher gives the photos before augmentation; 0 leaves that term out
     * @param baseShare share of the base's weights in those of the network that is made, 0 to below 1: more of it keeps
     *     more of what the base can (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022). The figures
     *     of epochs are of the network before it is mixed, those of the review after.
     */
    public record Ties(double base, double clean, double teacher, double baseShare) {
        /** To no other network. */
        public static final Ties NONE = new Ties(0, 1, 0, 0);

        public Ties {
            require(base >= 0 && base <= GREATEST_WEIGHT, "the base's weight is 0 to 100", base);
            require(clean >= 1 && clean <= GREATEST_WEIGHT, "clean photos' weight is 1 to 100", clean);
            require(teacher >= 0 && teacher <= GREATEST_WEIGHT, "the teacher's weight is 0 to 100", teacher);
            require(baseShare >= 0 && baseShare < 1, "the base's share is 0 to below 1", baseShare);
        }
    }

    public TrainingSettings {
        require(margin > 0 && margin <= GREATEST_MARGIN, "the margin is above 0, at most " + GREATEST_MARGIN, margin);
        require(epochs >= 1 && epochs <= MOST_EPOCHS, "epochs are 1 to " + MOST_EPOCHS, epochs);
        require(people >= 2, "people per batch are at least 2", people);
        require(photos >= 2, "photos of each person in a batch are at least 2", photos);
        require(
                (long) people * photos <= LARGEST_BATCH,
                "people times photos are at most " + LARGEST_BATCH,
                (long) people * photos);
        require(learningRate > 0 && learningRate <= 1, "the learning rate is above 0, at most 1", learningRate);
        require(
                minClusterDistance >= 0 && minClusterDistance <= 2,
                "the minimum distance between clusters is 0 to 2",
                minClusterDistance);
        require(patience >= 0, "patience is at least 0", patience);
        require(
                augmentation != Augmentation.FAR_ONLY || ties.base() > 0,
                "far-only draws far faces to where the base has clear ones: the base's weight is above 0",
                ties.base());
    }

    private static void require(boolean holds, String range, Number value) {
        if (!holds) {
            throw new IllegalArgumentException(range + ", not " + value);
        }
    }

    /** The defaults without a teacher. */
    public static TrainingSettings defaults(Architecture architecture, Augmentation augmentation) {
        boolean far = augmentation.degrades();
        return switch (architecture) {
            case MOBILEFACENET ->
                new TrainingSettings(
                        architecture,
                        Mining.SEMI_HARD,
                        far ? 0.3 : 0.5,
                        24,
                        16,
                        4,
                        1e-3,
                        augmentation,
                        usualTies(augmentation),
                        0,
                        0,
                        1);
            case RESNET50 ->
                new TrainingSettings(
                        architecture,
                        Mining.SEMI_HARD,
                        0.5,
                        100,
                        8,
                        4,
                        1e-3,
                        augmentation,
                        augmentation == Augmentation.FAR_ONLY ? usualTies(augmentation) : Ties.NONE,
                        0,
                        0,
                        1);
        };
    }

    private static Ties usualTies(Augmentation augmentation) {
        return switch (augmentation) {
            case NONE, SEED -> Ties.NONE;
            case FAR_CAMERA -> new Ties(2, 4, 0, 0);
            case FAR_ONLY -> new Ties(10, 1, 0, 0);
        };
    }

    /** The same with a teacher, and half of the base's weight in the loss. */
    Ties taught() {
        return new Ties(ties.base() / 2, ties.clean(), TEACHER_WEIGHT, ties.baseShare());
    }
}
