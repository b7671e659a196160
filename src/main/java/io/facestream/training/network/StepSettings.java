package io.facestream.training.network;

import io.facestream.training.network.NetworkGraph.Parameter;
import io.facestream.training.network.NetworkGraph.Role;

/**
 * How weights follow gradients: Adam (Kingma and Ba 2015).
 *
 * @param relative whether each tensor's steps are scaled by the root mean square of its first values
 * @param greatestNorm of the gradients of all tensors together; larger ones are scaled down to it
 * @param decay of filters towards the base's: their share of the way back that a step goes, per learning rate; biases and slopes
 *     do not decay
 * @param average share of the weights' running average that a step leaves as it was; 0 for no average
 */
public record StepSettings(boolean relative, double greatestNorm, double decay, double average) {
    /** With rates around 1e-3 and a thousand steps, a tenth of the way back. */
    private static final double DECAY = 0.2;

    public static StepSettings of(Architecture architecture) {
        return switch (architecture) {
            case MOBILEFACENET -> new StepSettings(true, 10, DECAY, 0.99);
            case RESNET50 -> new StepSettings(false, 10, 0, 0);
        };
    }

    boolean averages() {
        return average > 0;
    }

    boolean decays(Parameter parameter) {
        return decay > 0 && parameter.role() == Role.WEIGHTS;
    }

    /** What the moving average of the weights keeps in a step. Early ones follow faster, so that the base soon counts no more. */
    double averageKept(long step) {
        return Math.min(average, step / (step + 10.0));
    }
}
