package io.facestream.photos;

import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.Box;
import io.facestream.faces.FaceAligner;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelVersion;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddingCache.Entry;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs photos through the code of the stages: decode, detect, align, embed.
 *
 * @param maxBytes of a photo
 * @param network of {@code version}
 * @param farCamera degrades probes; empty leaves them as they are
 * @param kept results of earlier runs
 * @param change what is done to photos before a face is looked for; empty leaves them as they are
 */
public record PhotoEmbedder(
        PictureDecoder decoder,
        int maxBytes,
        FaceDetectors detectors,
        ModelVersion version,
        Network network,
        Optional<FarCamera> farCamera,
        Optional<Kept> kept,
        Optional<PhotoChange> change) {

    /** Photos as they are, but for what a far camera does to probes. */
    public PhotoEmbedder(
            PictureDecoder decoder,
            int maxBytes,
            FaceDetectors detectors,
            ModelVersion version,
            Network network,
            Optional<FarCamera> farCamera,
            Optional<Kept> kept) {
        this(decoder, maxBytes, detectors, version, network, farCamera, kept, Optional.empty());
    }

    /**
     * A cache, and the part of the key that all entries of this run share.
     *
     * @param key covers all that an embedding depends on, except the photo and its degradation
     */
    public record Kept(EmbeddingCache cache, String key) {}

    /** A hardship, and the seed that decides how much of it each photo has. */
    public record Hard(Hardship hardship, long seed) implements PhotoChange {
        @Override
        public Picture of(Picture picture, String photo) {
            return hardship.of(picture, photo, seed);
        }
    }

    /** The same networks, with probes degraded by a camera. */
    public PhotoEmbedder with(FarCamera camera) {
        return new PhotoEmbedder(decoder, maxBytes, detectors, version, network, Optional.of(camera), kept, change);
    }

    /** The same networks, with photos that are changed before a face is looked for. */
    public PhotoEmbedder with(PhotoChange other) {
        return new PhotoEmbedder(decoder, maxBytes, detectors, version, network, farCamera, kept, Optional.of(other));
    }

    /**
     * Embeds photos, in their order.
     *
     * @param threads number of threads that share the work
     * @param done called after each photo
     */
    public List<EmbeddedPhoto> embed(List<Photo> photos, int threads, Runnable done) throws IOException {
        EmbeddedPhoto[] embedded = new EmbeddedPhoto[photos.size()];
        AtomicInteger next = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(() -> {
                    work(photos, embedded, next, done);
                    return null;
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while photos were embedded", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IOException("embedding photos failed", e.getCause());
        } finally {
            // The caller may close the networks next, so no worker may still use them.
            next.set(photos.size());
            end(workers);
        }
        return Arrays.asList(embedded);
    }

    private static void end(ExecutorService workers) {
        workers.shutdown();
        boolean interrupted = Thread.interrupted();
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(List<Photo> photos, EmbeddedPhoto[] embedded, AtomicInteger next, Runnable done)
            throws IOException {
        try (FaceFinder finder = new FaceFinder(detectors.detector());
                FaceEmbedder embedder = new FaceEmbedder(network, version.inputSide())) {
            for (int i = next.getAndIncrement(); i < photos.size(); i = next.getAndIncrement()) {
                try {
                    embedded[i] = embed(photos.get(i), finder, embedder);
                } catch (RuntimeException e) {
                    throw new IOException(photos.get(i).file().toString(), e);
                }
                done.run();
            }
        }
    }

    private EmbeddedPhoto embed(Photo photo, FaceFinder finder, FaceEmbedder embedder) throws IOException {
        byte[] bytes = null;
        try {
            bytes = PhotoBytes.read(photo.file(), maxBytes);
            EmbeddedPhoto.Source source = PhotoBytes.decodable(bytes);
            String key = key(photo, source);
            Optional<Entry> known = kept.isPresent() ? kept.get().cache().find(key) : Optional.empty();
            Entry entry = known.isPresent() ? known.get() : entry(photo, bytes, finder, embedder);
            if (kept.isPresent() && known.isEmpty()) {
                kept.get().cache().put(key, entry);
            }
            return new EmbeddedPhoto(photo, source, entry.face(), entry.quality(), entry.probe(), entry.sample());
        } catch (RejectedException e) {
            return new EmbeddedPhoto(photo, PhotoBytes.undecodable(bytes, e), null, null, null, null);
        }
    }

    /** The key of a photo that is changed has its label, on which the random draws depend. */
    private String key(Photo photo, EmbeddedPhoto.Source source) {
        String shared = kept.map(Kept::key).orElse("");
        return shared
                + "\nphoto " + source.sha256()
                + farCamera.map(camera -> "\n" + camera + "\n" + photo.label()).orElse("")
                + change.map(how -> "\n" + how + "\n" + photo.label()).orElse("");
    }

    private Entry entry(Photo photo, byte[] bytes, FaceFinder finder, FaceEmbedder embedder) throws RejectedException {
        try (FaceView view = face(photo, bytes, finder)) {
            if (view == null) {
                return Entry.NO_FACE;
            }
            Embedding sample = version.mirrorAveraging()
                    ? embedder.embedWithMirrorImage(List.of(view.chip())).get(0)
                    : embedder.embed(view.chip());
            Embedding probe;
            if (farCamera.isPresent()) {
                try (Picture chip = farCamera.get().degrade(view.chip(), photo.label())) {
                    probe = embedder.embed(chip);
                }
            } else {
                probe = embedder.embed(view.chip());
            }
            return new Entry(view.face(), view.quality().withNorm(probe.norm()), probe, sample);
        } catch (NoEmbeddingException e) {
            // As in the stages: such a face goes no further.
            return Entry.NO_FACE;
        }
    }

    /** The face nearest to the photo's centre; null if there is none. The caller closes it. */
    private FaceView face(Photo photo, byte[] bytes, FaceFinder finder) throws RejectedException {
        try (Picture picture = changed(decoder.decode(bytes), photo)) {
            List<FaceView> views = finder.find(picture);
            Optional<FaceView> central = views.stream()
                    .min(Comparator.comparingDouble(
                            view -> distanceFromCentre(view.face().box(), picture)));
            views.stream().filter(view -> view != central.get()).forEach(FaceView::close);
            return central.orElse(null);
        }
    }

    /** Takes over a picture, and returns it with what is done to it. */
    private Picture changed(Picture picture, Photo photo) {
        if (change.isEmpty()) {
            return picture;
        }
        try (picture) {
            return change.get().of(picture, photo.label());
        }
    }

    private static double distanceFromCentre(Box box, Picture picture) {
        return Math.hypot(
                box.x() + box.width() / 2 - picture.width() / 2.0, box.y() + box.height() / 2 - picture.height() / 2.0);
    }

    /** The face's chip, degraded as its probe was; empty if no face was found. The caller closes it. */
    public Optional<Picture> chip(EmbeddedPhoto embedded) throws IOException {
        if (embedded.face() == null) {
            return Optional.empty();
        }
        Photo photo = embedded.photo();
        try (Picture picture = changed(photo(photo), photo)) {
            Picture chip = FaceAligner.align(picture, embedded.face().landmarks());
            if (farCamera.isEmpty()) {
                return Optional.of(chip);
            }
            try (chip) {
                return Optional.of(farCamera.get().degrade(chip, photo.label()));
            }
        }
    }

    /** Decodes a photo again. The caller closes it. */
    public Picture photo(Photo photo) throws IOException {
        try {
            return decoder.decode(PhotoBytes.read(photo.file(), maxBytes));
        } catch (RejectedException e) {
            throw new IOException(photo.file() + " has changed in the meantime: " + e.getMessage(), e);
        }
    }
}
