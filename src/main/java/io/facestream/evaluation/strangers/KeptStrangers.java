package io.facestream.evaluation.strangers;

import io.facestream.embeddings.Embedding;
import io.facestream.photos.EmbeddedPhoto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The strangers of one drawing, kept as matching and curation keep them. */
final class KeptStrangers {
    /** As the database has it. */
    private static final int MOST_CHIPS = 5;

    private final List<Stranger> strangers = new ArrayList<>();
    private final Threshold threshold;

    /** The largest distance of a stranger's face, by the number of strangers who are kept. */
    @FunctionalInterface
    interface Threshold {
        double of(int strangers);
    }

    private static final class Stranger {
        final List<Embedding> chips = new ArrayList<>();
        Embedding template;
    }

    KeptStrangers(Threshold threshold) {
        this.threshold = threshold;
    }

    /**
     * Somebody comes: matching searches the face of the stream, and if it is nobody's, curation the face to keep.
     *
     * @return number of the stranger whose visit it is, from 0; one that is new, or was there
     */
    int visit(EmbeddedPhoto photo) {
        int found = nearest(photo.probe());
        if (found < 0) {
            found = nearest(photo.sample());
        }
        if (found < 0) {
            found = strangers.size();
            strangers.add(new Stranger());
        }
        Stranger stranger = strangers.get(found);
        stranger.chips.add(photo.sample());
        if (stranger.chips.size() > MOST_CHIPS) {
            dropAlike(stranger.chips);
        }
        stranger.template = Embedding.mean(stranger.chips);
        return found;
    }

    /** Of the two that are most alike the one with the shorter embedding goes. */
    private static void dropAlike(List<Embedding> chips) {
        double least = Double.POSITIVE_INFINITY;
        Embedding dropped = null;
        for (int i = 0; i < chips.size(); i++) {
            for (int j = i + 1; j < chips.size(); j++) {
                double distance = chips.get(i).distance(chips.get(j));
                if (distance < least) {
                    least = distance;
                    dropped = List.of(chips.get(i), chips.get(j)).stream()
                            .min(Comparator.comparingDouble(Embedding::norm))
                            .get();
                }
            }
        }
        chips.remove(dropped);
    }

    private int nearest(Embedding face) {
        int nearest = -1;
        double least = threshold.of(strangers.size());
        for (int i = 0; i < strangers.size(); i++) {
            double distance = strangers.get(i).template.distance(face);
            if (distance <= least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    int size() {
        return strangers.size();
    }
}
