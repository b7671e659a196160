package io.facestream.gallery;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.util.List;
import java.util.Optional;

/** Finds the face that a labelled photo is about, and says whether it is good enough for a template. */
public final class EnrolmentGate {
    private final PictureDecoder decoder;
    private final FaceFinder finder;
    private final EnrolmentConfig config;

    /** Takes over the finder; serves one thread at a time, as the finder does. */
    public EnrolmentGate(PictureDecoder decoder, FaceFinder finder, EnrolmentConfig config) {
        this.decoder = decoder;
        this.finder = finder;
        this.config = config;
    }

    /**
     * The photo's face; close it.
     *
     * @throws EnrolmentRejection if the photo cannot be decoded, or shows no face, or not clearly one
     */
    public FaceView find(byte[] photo) throws EnrolmentRejection {
        List<FaceView> views;
        try (Picture picture = decoder.decode(photo)) {
            if (picture.damaged()) {
                throw new EnrolmentRejection(
                        EnrolmentReason.DAMAGED,
                        "parts of the photo are lost: " + picture.damage().get());
            }
            views = finder.find(picture);
        } catch (RejectedException e) {
            throw new EnrolmentRejection(EnrolmentReason.UNDECODABLE, e.getMessage());
        } catch (RuntimeException e) {
            // Nothing here depends on anything but the photo, so trying again would fail again.
            throw new EnrolmentRejection(EnrolmentReason.UNDECODABLE, "looking for faces failed: " + e);
        }
        try {
            return dominant(views);
        } catch (EnrolmentRejection e) {
            views.forEach(FaceView::close);
            throw e;
        }
    }

    private FaceView dominant(List<FaceView> views) throws EnrolmentRejection {
        FaceView largest = null;
        float second = 0;
        for (FaceView view : views) {
            if (largest == null
                    || view.face().box().area() > largest.face().box().area()) {
                second = largest == null ? 0 : largest.face().box().area();
                largest = view;
            } else {
                second = Math.max(second, view.face().box().area());
            }
        }
        if (largest == null) {
            throw new EnrolmentRejection(EnrolmentReason.NO_FACE, "no face was found");
        }
        if (largest.face().box().area() < config.dominance() * second) {
            throw new EnrolmentRejection(
                    EnrolmentReason.SEVERAL_FACES,
                    views.size() + " faces were found, and none is " + config.dominance()
                            + " times larger than the others");
        }
        for (FaceView view : views) {
            if (view != largest) {
                view.close();
            }
        }
        return largest;
    }

    /** Why a face is not good enough for a template; empty if it is. */
    public Optional<EnrolmentRejection> check(Quality quality) {
        if (quality.size() < config.minFaceSize()) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.TOO_SMALL,
                    "the face is " + Math.round(quality.size()) + " px, less than " + config.minFaceSize()));
        }
        if (quality.sharpness() < config.minSharpness()) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.TOO_BLURRED,
                    "the sharpness is " + quality.sharpness() + ", less than " + config.minSharpness()));
        }
        return Optional.empty();
    }
}
