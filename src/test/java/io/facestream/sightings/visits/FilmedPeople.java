package io.facestream.sightings.visits;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.sightings.rows.Fields;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Real people as a camera sees them: vectors of the shipped network for photos of {@code ../shared/data}, at the sizes
 * of far and near faces, with blur, noise and JPEG. Computed once and kept in a file.
 *
 * @param people by name
 */
record FilmedPeople(Map<String, Person> people) {
    /** Widths of faces in pixels; the last one is a photo as it is. */
    static final int[] SIZES = {24, 36, 54, 80, 112};

    private static final int MOST_VIEWS = 15;
    private static final int LEAST_VIEWS = 3;

    /**
     * Views of one person.
     *
     * @param samples of the photos that may be enrolled
     * @param views of other photos, by their place in {@link #SIZES}; a view is one photo at all sizes
     */
    record Person(String name, List<float[]> samples, List<View[]> views) {}

    /** A photo at one size. */
    record View(float[] vector, Quality quality) {}

    /**
     * People who are made up, for where there are no photos. Their views are as alike as those of the shipped network
     * are on average: two views of 112 px have a cosine of 0.6, two of 24 px one of 0.3, of different people none.
     */
    static FilmedPeople madeUp(int count, long seed) {
        Random random = new Random(seed);
        Map<String, Person> people = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            float[] look = unit(random);
            Person person = new Person("Person " + i, List.of(near(look, 0.9f, random)), new ArrayList<>());
            for (int view = 0; view < MOST_VIEWS; view++) {
                View[] views = new View[SIZES.length];
                for (int size = 0; size < SIZES.length; size++) {
                    float likeness = 0.55f + 0.24f * size / (SIZES.length - 1);
                    float norm = 35 + 30f * size / (SIZES.length - 1) + 5 * (float) random.nextGaussian();
                    Quality quality = new Quality(SIZES[size], 300, 120, new Pose(0, 0, 0), Math.max(15, norm));
                    views[size] = new View(near(look, likeness, random), quality);
                }
                person.views.add(views);
            }
            people.put(person.name, person);
        }
        return new FilmedPeople(people);
    }

    private static float[] near(float[] look, float cosine, Random random) {
        float[] noise = unit(random);
        float[] view = new float[look.length];
        float share = (float) Math.sqrt(1 - cosine * cosine);
        for (int i = 0; i < view.length; i++) {
            view[i] = cosine * look[i] + share * noise[i];
        }
        return normalised(view);
    }

    private static float[] unit(Random random) {
        float[] vector = new float[192];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return normalised(vector);
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** Reads the file, and makes it first if it is absent; that takes minutes. */
    static FilmedPeople of(Path data, Path kept) throws IOException {
        if (!Files.exists(kept)) {
            embed(data).write(kept);
        }
        return read(kept);
    }

    private static FilmedPeople embed(Path data) throws IOException {
        Settings settings = Settings.load();
        byte[] weights = ShippedModel.weights();
        ModelVersion version = ShippedModel.version(weights);
        PictureBounds bounds = settings.get(PictureBounds.class);
        List<Photo> samples = new ArrayList<>();
        List<Photo> views = new ArrayList<>();
        choose(data, samples, views);
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                Network network = Network.load(version.version(), weights, ComputeDevice.AUTO)) {
            PhotoEmbedder embedder = new PhotoEmbedder(
                    new PictureDecoder(bounds),
                    bounds.maxBytes(),
                    detectors,
                    version,
                    network,
                    Optional.empty(),
                    Optional.empty());
            int threads = Runtime.getRuntime().availableProcessors();
            Map<String, Person> people = new TreeMap<>();
            for (EmbeddedPhoto sample : embedder.embed(samples, threads, () -> {})) {
                if (sample.detected()) {
                    person(people, sample.photo()).samples.add(sample.sample().vector());
                }
            }
            List<List<EmbeddedPhoto>> bySize = new ArrayList<>();
            for (int size : SIZES) {
                PhotoEmbedder far = embedder.with(new FarCamera(size, size, size < 112 ? 1 : 0, 7));
                bySize.add(far.embed(views, threads, () -> {}));
            }
            for (int i = 0; i < views.size(); i++) {
                View[] view = new View[SIZES.length];
                for (int size = 0; size < SIZES.length; size++) {
                    view[size] = view(bySize.get(size).get(i), SIZES[size]);
                }
                if (view[0] != null && people.containsKey(views.get(i).name())) {
                    people.get(views.get(i).name()).views.add(view);
                }
            }
            people.values().removeIf(person -> person.views.size() < LEAST_VIEWS || person.samples.isEmpty());
            return new FilmedPeople(people);
        }
    }

    /** The photos that are enrolled, and those of which visits are made. */
    static void choose(Path data, List<Photo> samples, List<Photo> views) throws IOException {
        Map<String, List<Photo>> enrolled =
                byName(LabelledPhotos.of(data.resolve("lfw-dev")).photos());
        Map<String, List<Photo>> filmed =
                byName(LabelledPhotos.of(data.resolve("ytf-dev")).photos());
        enrolled.forEach((name, photos) -> {
            if (filmed.containsKey(name)) {
                samples.addAll(photos.subList(0, Math.min(3, photos.size())));
                List<Photo> video = filmed.get(name);
                int taken = Math.min(MOST_VIEWS, video.size());
                for (int i = 0; i < taken; i++) {
                    views.add(video.get(i * video.size() / taken));
                }
            } else if (photos.size() >= LEAST_VIEWS + 1 && photos.size() <= 8) {
                samples.add(photos.get(0));
                views.addAll(photos.subList(1, photos.size()));
            }
        });
    }

    private static Map<String, List<Photo>> byName(List<Photo> photos) {
        Map<String, List<Photo>> byName = new TreeMap<>();
        photos.forEach(photo ->
                byName.computeIfAbsent(photo.name(), name -> new ArrayList<>()).add(photo));
        return byName;
    }

    private static Person person(Map<String, Person> people, Photo photo) {
        return people.computeIfAbsent(photo.name(), name -> new Person(name, new ArrayList<>(), new ArrayList<>()));
    }

    private static View view(EmbeddedPhoto photo, int size) {
        if (!photo.detected()) {
            return null;
        }
        Quality found = photo.quality();
        Embedding probe = photo.probe();
        return new View(
                probe.vector(), new Quality(size, found.sharpness(), found.brightness(), found.pose(), probe.norm()));
    }

    private void write(Path kept) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(kept)))) {
            out.writeInt(people.size());
            for (Person person : people.values()) {
                out.writeUTF(person.name);
                out.writeInt(person.samples.size());
                for (float[] sample : person.samples) {
                    Fields.write(out, sample);
                }
                out.writeInt(person.views.size());
                for (View[] view : person.views) {
                    for (View each : view) {
                        Fields.write(out, each.vector);
                        Fields.write(out, each.quality);
                    }
                }
            }
        }
    }

    private static FilmedPeople read(Path kept) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(kept)))) {
            Map<String, Person> people = new TreeMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                Person person = new Person(in.readUTF(), new ArrayList<>(), new ArrayList<>());
                for (int samples = in.readInt(); samples > 0; samples--) {
                    person.samples.add(Fields.readVector(in));
                }
                for (int views = in.readInt(); views > 0; views--) {
                    View[] view = new View[SIZES.length];
                    for (int size = 0; size < SIZES.length; size++) {
                        view[size] = new View(Fields.readVector(in), Fields.readQuality(in));
                    }
                    person.views.add(view);
                }
                people.put(person.name, person);
            }
            return new FilmedPeople(people);
        }
    }

    public static void main(String[] arguments) throws IOException {
        FilmedPeople people = of(Path.of(arguments[0]), Path.of(arguments[1]));
        System.out.println(people.people.size() + " people, "
                + people.people.values().stream()
                        .mapToInt(person -> person.views.size())
                        .sum()
                + " views");
    }
}
