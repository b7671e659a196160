package io.facestream.evaluation;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.faces.Box;
import io.facestream.faces.FaceDetectors;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelVersion;
import io.facestream.models.Network;
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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs photos through the code of the stages: decode, detect, align, embed.
 *
 * @param network of {@code version}
 * @param farCamera what is done to probes; empty leaves them as they are
 */
public record PhotoEmbedder(
        PictureDecoder decoder,
        FaceDetectors detectors,
        ModelVersion version,
        Network network,
        Optional<FarCamera> farCamera) {

    /**
     * The photos in their order, with their faces; a photo that cannot be decoded has none.
     *
     * @param threads that share the work
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
            throw new IOException("embedding photos failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
        return Arrays.asList(embedded);
    }

    private void work(List<Photo> photos, EmbeddedPhoto[] embedded, AtomicInteger next, Runnable done)
            throws IOException {
        try (FaceFinder finder = new FaceFinder(detectors.detector());
                FaceEmbedder embedder = new FaceEmbedder(network, version.inputSide())) {
            for (int i = next.getAndIncrement(); i < photos.size(); i = next.getAndIncrement()) {
                embedded[i] = embed(photos.get(i), finder, embedder);
                done.run();
            }
        }
    }

    private EmbeddedPhoto embed(Photo photo, FaceFinder finder, FaceEmbedder embedder) throws IOException {
        try (FaceView view = face(photo, finder)) {
            if (view == null) {
                return EmbeddedPhoto.undetected(photo);
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
            return new EmbeddedPhoto(photo, view.quality().withNorm(probe.norm()), probe, sample);
        } catch (NoEmbeddingException e) {
            // As in the stages: that face goes no further.
            return EmbeddedPhoto.undetected(photo);
        }
    }

    /** The face nearest to the photo's centre, to be closed; null where there is none. */
    private FaceView face(Photo photo, FaceFinder finder) throws IOException {
        try (Picture picture = decoder.decode(photo.bytes())) {
            List<FaceView> views = finder.find(picture);
            Optional<FaceView> central = views.stream()
                    .min(Comparator.comparingDouble(
                            view -> distanceFromCentre(view.face().box(), picture)));
            views.stream().filter(view -> view != central.get()).forEach(FaceView::close);
            return central.orElse(null);
        } catch (RejectedException e) {
            return null;
        }
    }

    private static double distanceFromCentre(Box box, Picture picture) {
        return Math.hypot(
                box.x() + box.width() / 2 - picture.width() / 2.0, box.y() + box.height() / 2 - picture.height() / 2.0);
    }

    /** The face's chip as probes show it, to be closed; empty where there is none. */
    public Optional<Picture> chip(Photo photo, FaceFinder finder) throws IOException {
        try (FaceView view = face(photo, finder)) {
            return Optional.ofNullable(view).map(found -> farCamera
                    .map(camera -> camera.degrade(found.chip(), photo.label()))
                    .orElseGet(() -> new Picture(found.chip().rgb().clone())));
        }
    }
}
