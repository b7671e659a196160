package io.facestream.training;

/**
 * How weights follow gradients: Adam (Kingma and Ba 2015).
 *
 * @param relative whether each tensor's steps are scaled by the root mean square of its first values
 * @param greatestNorm of the gradients of all tensors together; larger ones are scaled down to it
 * @param average share of the weights' running average that a step leaves as it was; 0 for no average
 */
record StepSettings(boolean relative, double greatestNorm, double average) {
    static StepSettings of(Architecture architecture) {
        return switch (architecture) {
            case MOBILEFACENET -> new StepSettings(true, 10, 0.99);
            case RESNET50 -> new StepSettings(false, 10, 0);
        };
    }

    boolean averages() {
        return average > 0;
    }
}
