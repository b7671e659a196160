package io.facestream.bench;

import io.facestream.cameras.CameraTrial;

/**
 * What a camera costs, in CPU milliseconds for each second that it films.
 *
 * @param decoding reading and decoding the stream
 * @param gate small grey pictures and the motion gate
 * @param pictures JPEGs of frames that pass
 * @param processing detection and embedding of these
 */
record CameraCost(double decoding, double gate, double pictures, double processing) {
    private static final double MILLIS = 1_000;

    /**
     * @param passing frames a second that pass the gate
     * @param frameMillis CPU time of detection and embedding, a frame
     */
    static CameraCost of(CameraTrial.Result filmed, double passing, double frameMillis) {
        double seconds = filmed.seconds();
        return new CameraCost(
                filmed.cost().decoding() / seconds,
                filmed.cost().gate() * filmed.frames() / seconds,
                filmed.cost().picture() * passing,
                frameMillis * passing);
    }

    double sum() {
        return decoding + gate + pictures + processing;
    }

    /** How many such cameras keep a core busy. */
    double camerasPerCore() {
        return MILLIS / sum();
    }
}
