package io.facestream.web.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.map.PeopleMap.Place;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PeopleMapTest {
    private static Place place(double x, double y) {
        return new Place(new UUID(0, 1), "Ada", x, y);
    }

    @Test
    void bothDirectionsHaveOneScaleAndTheMiddleIsInTheMiddle() {
        PeopleMap map = PeopleMap.of(List.of(place(-2, 1), place(2, 1), place(0, 2)), false);

        assertThat(map.people()).extracting(Place::x).containsExactly(40.0, 960.0, 500.0);
        assertThat(map.people()).extracting(Place::y).containsExactly(385.0, 385.0, 615.0);
    }

    @Test
    void somebodyAloneIsInTheMiddle() {
        assertThat(PeopleMap.of(List.of(place(0.3, -7)), false).people()).containsExactly(place(500, 500));
    }
}
