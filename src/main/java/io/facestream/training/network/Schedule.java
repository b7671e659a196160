package io.facestream.training.network;

/**
 * The learning rate of each step. It rises linearly over the first twentieth of a run, then falls to zero along a
 * cosine (Loshchilov and Hutter 2017).
 *
 * @param highest rate
 * @param steps of the run
 */
public record Schedule(double highest, long steps) {
    private static final double WARM_UP = 0.05;

    /** @param step from 1 */
    public double rate(long step) {
        double warmUp = Math.max(1, WARM_UP * steps);
        if (step <= warmUp) {
            return highest * step / warmUp;
        }
        double done = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
        return highest * (1 + Math.cos(Math.PI * done)) / 2;
    }
}
