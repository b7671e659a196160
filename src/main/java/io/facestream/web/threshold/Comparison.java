package io.facestream.web.threshold;

import io.facestream.web.visits.Visit;
import java.time.Instant;
import java.util.List;

/**
 * What the view shows.
 *
 * @param days that are looked at
 * @param target in percent, that is compared with the one in force; null if none was chosen
 * @param inForce in percent
 * @param isFixed whether a threshold is set that follows from no target
 * @param answer null if no target was chosen
 */
public record Comparison(int days, Double target, double inForce, double threshold, boolean isFixed, Answer answer) {
    /** Visits that are shown of each kind. */
    static final int MOST = 30;

    /** As long as the topic keeps events by default. */
    static final int MOST_DAYS = 7;

    /** Days that can be chosen. */
    public List<Integer> choices() {
        return List.of(1, 3, MOST_DAYS);
    }

    /**
     * What came of it.
     *
     * @param otherwise faces that were judged otherwise then than now: the gallery or the settings were others
     * @param gone faces that were nearest to somebody who is not in the gallery any more
     */
    public record Answer(
            Instant since,
            long faces,
            long poor,
            long otherVersion,
            long otherwise,
            long gone,
            List<Trial> trials,
            Changed missed,
            Changed added) {
        public Answer {
            trials = List.copyOf(trials);
        }
    }

    /**
     * What a target makes of the same visits.
     *
     * @param target in percent
     * @param threshold for somebody with one photo
     * @param named visits that have a name
     * @param missed those of them that have one now, and would have none
     * @param added those that have none now, and would have one
     */
    public record Trial(
            double target, double threshold, long named, long missed, long added, boolean isNow, boolean isChosen) {}

    /**
     * Visits that would be others.
     *
     * @param all of them
     * @param shown the latest
     */
    public record Changed(long all, List<Shown> shown) {
        public Changed {
            shown = List.copyOf(shown);
        }
    }

    /**
     * One of them.
     *
     * @param visit as it was told; null if it is not found
     * @param limit the largest distance at which a face would have the name
     */
    public record Shown(Passage passage, Visit visit, double limit) {}
}
