package io.facestream.web.page;

import io.facestream.web.visits.Camera;
import io.facestream.web.visits.WhyUnnamed;
import java.util.List;

/** How well people are recognised. */
public record Health(List<Camera> cameras, WhyUnnamed lastDay) {
    private static final int PERCENT = 100;

    public Health {
        cameras = List.copyOf(cameras);
    }

    /** A share of the visits, in whole percent. */
    public int percent(long some) {
        return lastDay.visits() == 0 ? 0 : (int) Math.round((double) PERCENT * some / lastDay.visits());
    }
}
