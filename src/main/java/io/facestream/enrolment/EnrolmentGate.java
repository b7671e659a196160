package io.facestream.enrolment;

import io.facestream.detection.DetectionConfig;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.Likeness;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds the labelled face of a photo and decides whether it is good enough for a template.
 *
 * <pre>
 *  photo --> decoded? --> upright? --> one face? --> whole, and in its shape? --> large, sharp, norm? --> Likeness?
 * </pre>
 */
public final class EnrolmentGate {
    /**
     * How far inside the photo eyes, nose and mouth must be, in distances from the eyes to the mouth. It rejects none
     * of LFW's 3,321 photos (the least value is 0.26), and 94 to 99 % of photos cut through forehead, cheek or chin.
     */
    private static final double LEAST_MARGIN = 0.2;

    /**
     * Bounds of a face's width by its height, relative to the usual 1. 0.3 % of LFW's photos are outside. Of photos
     * squeezed to half of their width or height 97 % are, to 0.6 of it 82 and 93 %, and to 0.75 of it, which embeddings
     * tolerate, 21 and 28 %.
     */
    private static final double NARROWEST = 0.84;

    private static final double WIDEST = 1.2;

    private final PictureDecoder decoder;
    private final FaceFinder finder;
    private final EnrolmentConfig config;
    private final QualityGate quality;
    private final boolean boxesHaveTheFacesShape;

    /**
     * Takes over the finder. Like the finder, it serves one thread at a time.
     *
     * @param detector the finder's detector, because only the boxes of O-Net, the last network of {@code mtcnn} and
     *     {@code rfb}, have the face's shape
     */
    public EnrolmentGate(
            PictureDecoder decoder, FaceFinder finder, EnrolmentConfig config, DetectionConfig.Detector detector) {
        this.boxesHaveTheFacesShape =
                detector == DetectionConfig.Detector.RFB || detector == DetectionConfig.Detector.MTCNN;
        this.decoder = decoder;
        this.finder = finder;
        this.config = config;
        this.quality = new QualityGate(config);
    }

    /**
     * Returns the photo's face; close it.
     *
     * @throws EnrolmentRejection if the photo cannot be decoded, is turned, shows no face or several, or the face is
     *     partly covered by a flat area, cut off or squashed
     */
    public FaceView find(byte[] photo) throws EnrolmentRejection {
        List<FaceView> views = List.of();
        try (Picture picture = decoder.decode(photo)) {
            if (picture.damaged()) {
                throw new EnrolmentRejection(
                        EnrolmentReason.DAMAGED,
                        "parts of the photo are lost: " + picture.damage().get());
            }
            views = finder.find(picture);
            return judge(picture, views);
        } catch (EnrolmentRejection e) {
            views.forEach(FaceView::close);
            throw e;
        } catch (RejectedException e) {
            throw new EnrolmentRejection(EnrolmentReason.UNDECODABLE, e.getMessage());
        } catch (RuntimeException e) {
            // The result depends only on the photo, so a retry would fail again.
            views.forEach(FaceView::close);
            throw new EnrolmentRejection(EnrolmentReason.UNDECODABLE, "looking for faces failed: " + e);
        }
    }

    private FaceView judge(Picture photo, List<FaceView> views) throws EnrolmentRejection {
        Optional<TurnedPhoto> turned = TurnedPhoto.of(photo, views, finder);
        if (turned.isPresent()) {
            throw new EnrolmentRejection(EnrolmentReason.TURNED, turned.get().words());
        }
        FaceView face = dominant(views);
        OptionalDouble flat = FlatArea.of(photo, face.face());
        if (flat.isPresent()) {
            throw new EnrolmentRejection(
                    EnrolmentReason.DAMAGED,
                    String.format(
                            Locale.ROOT,
                            "a flat area covers %.0f %% of the face: take a photo that shows all of it",
                            100 * flat.getAsDouble()));
        }
        FaceShape shape = FaceShape.of(face.face(), photo.width(), photo.height());
        if (shape.margin() < LEAST_MARGIN) {
            throw new EnrolmentRejection(
                    EnrolmentReason.CUT_OFF, "the photo's edge cuts the face: take one that shows the whole head");
        }
        double proportion = shape.proportion();
        if (boxesHaveTheFacesShape && (proportion < NARROWEST || proportion > WIDEST)) {
            throw new EnrolmentRejection(
                    EnrolmentReason.SQUASHED,
                    String.format(
                            Locale.ROOT,
                            "the face is too %s for its height (%.2f times the usual width): keep its proportions",
                            proportion < NARROWEST ? "narrow" : "wide",
                            proportion));
        }
        for (FaceView view : views) {
            if (view != face) {
                view.close();
            }
        }
        return face;
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
                            + " times larger than the others (facestream.enrolment.dominance)");
        }
        return largest;
    }

    /**
     * Why a photo is refused because of its likeness; empty if it is accepted.
     *
     * @param name of the person
     * @param accept the objections that the publisher overrides
     */
    public Optional<EnrolmentRejection> check(Likeness likeness, String name, Set<Acceptance> accept) {
        if (likeness.sharesTemplate()) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.ALREADY_ENROLLED_AS,
                    "this picture is already enrolled, in another file, as "
                            + likeness.other().orElseThrow().name()));
        }
        if (likeness.isSomebodyElse() && !accept.contains(Acceptance.ALIKE)) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.LOOKS_LIKE_ANOTHER,
                    likeness.looksLike().orElseThrow() + ": if it is " + name + ", publish it with the header "
                            + Acceptance.HEADER + ": alike (enrol --even-if-alike)"));
        }
        if (likeness.isUnlikeOthers(config.maxDistance()) && !accept.contains(Acceptance.UNLIKE)) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.UNLIKE_OTHERS,
                    likeness.unlikeOthers(name) + ": if it is " + name + ", publish it with the header "
                            + Acceptance.HEADER + ": unlike (enrol --even-if-unlike)"));
        }
        return Optional.empty();
    }

    /**
     * Why a face is not good enough for a template; empty if it is good enough.
     *
     * @param quality with the norm, if the face was embedded
     * @param version the version that embedded it
     */
    public Optional<EnrolmentRejection> check(Quality quality, ModelVersion version) {
        return this.quality.check(quality, version);
    }
}
