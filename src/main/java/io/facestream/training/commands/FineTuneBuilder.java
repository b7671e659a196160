package io.facestream.training.commands;

import java.util.List;
import java.util.UUID;

/**
 * Builds a command to train. A field that is not set, or set to null, has its default. JSON commands can also set
 * offsets, the shape of a batch, the weights of the loss and the base's share.
 */
public final class FineTuneBuilder {
    private final UUID id;
    private List<String> topics;
    private String from;
    private List<String> people;
    private Boolean gallery;
    private String base;
    private String teacher;
    private String architecture;
    private Double margin;
    private Integer epochs;
    private Integer batchSize;
    private Double learningRate;
    private String mining;
    private String augmentation;
    private Double minClusterDistance;
    private Integer patience;
    private Double validationShare;
    private String promote;
    private Long seed;

    public FineTuneBuilder(UUID id) {
        this.id = id;
    }

    public FineTuneBuilder topics(List<String> asked) {
        topics = asked;
        return this;
    }

    public FineTuneBuilder from(String asked) {
        from = asked;
        return this;
    }

    public FineTuneBuilder people(List<String> asked) {
        people = asked;
        return this;
    }

    public FineTuneBuilder gallery(Boolean asked) {
        gallery = asked;
        return this;
    }

    public FineTuneBuilder base(String asked) {
        base = asked;
        return this;
    }

    public FineTuneBuilder teacher(String asked) {
        teacher = asked;
        return this;
    }

    public FineTuneBuilder architecture(String asked) {
        architecture = asked;
        return this;
    }

    public FineTuneBuilder margin(Double asked) {
        margin = asked;
        return this;
    }

    public FineTuneBuilder epochs(Integer asked) {
        epochs = asked;
        return this;
    }

    public FineTuneBuilder batchSize(Integer asked) {
        batchSize = asked;
        return this;
    }

    public FineTuneBuilder learningRate(Double asked) {
        learningRate = asked;
        return this;
    }

    public FineTuneBuilder mining(String asked) {
        mining = asked;
        return this;
    }

    public FineTuneBuilder augmentation(String asked) {
        augmentation = asked;
        return this;
    }

    public FineTuneBuilder minClusterDistance(Double asked) {
        minClusterDistance = asked;
        return this;
    }

    public FineTuneBuilder patience(Integer asked) {
        patience = asked;
        return this;
    }

    public FineTuneBuilder validationShare(Double asked) {
        validationShare = asked;
        return this;
    }

    public FineTuneBuilder promote(String asked) {
        promote = asked;
        return this;
    }

    public FineTuneBuilder seed(Long asked) {
        seed = asked;
        return this;
    }

    public FineTune build() {
        return new FineTune(
                id,
                topics,
                from,
                null,
                people,
                gallery,
                base,
                teacher,
                architecture,
                margin,
                epochs,
                batchSize,
                null,
                null,
                learningRate,
                mining,
                augmentation,
                null,
                null,
                null,
                null,
                minClusterDistance,
                patience,
                validationShare,
                promote,
                seed);
    }
}
