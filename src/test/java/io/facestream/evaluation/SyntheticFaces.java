package io.facestream.evaluation;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.Random;

/** Made-up photos with the embeddings that a test needs. */
public final class SyntheticFaces {
    private static final float NORM = 10;

    private SyntheticFaces() {}

    static Photo photo(String name, int number) {
        return new Photo(name, Path.of(name, String.format("%s_%04d.jpg", name, number)));
    }

    public static EmbeddedPhoto undetected(String name, int number) {
        return EmbeddedPhoto.undetected(photo(name, number));
    }

    static EmbeddedPhoto undecodable(String name, int number) {
        EmbeddedPhoto.Source source = new EmbeddedPhoto.Source("0".repeat(64), "truncated: broken off");
        return new EmbeddedPhoto(photo(name, number), source, null, null, null, null);
    }

    /** A photo whose embedding has the direction of a vector. */
    public static EmbeddedPhoto face(String name, int number, float... vector) {
        Embedding embedding = Embedding.ofNetworkOutput(vector);
        Quality quality = new Quality(100, 500, 128, new Pose(0, 0, 0), NORM);
        return new EmbeddedPhoto(photo(name, number), quality, embedding, embedding);
    }

    public static float[] axis(int dimensions, int axis) {
        float[] vector = new float[dimensions];
        vector[axis] = 1;
        return vector;
    }

    /** A unit vector at a distance from an axis, in the plane of that and another. */
    public static float[] awayFromAxis(int dimensions, int axis, int other, double distance) {
        float[] vector = new float[dimensions];
        double cosine = 1 - distance * distance / 2;
        vector[axis] = (float) cosine;
        vector[other] = (float) Math.sqrt(1 - cosine * cosine);
        return vector;
    }

    /** A random vector around a mean. */
    public static float[] around(float[] mean, double deviation, Random random) {
        float[] vector = mean.clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (deviation * random.nextGaussian());
        }
        return vector;
    }
}
