package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another process takes over in mid-visit, or in mid-frame, with nothing but the rows of the stores. */
class SightingsRestartTest {
    private final StoredProcessor processor = new StoredProcessor();
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody stranger = new Somebody("Stranger", false);

    /** Ada stays, leaves and returns; somebody else passes; the broker's clock is set back. */
    private List<ProducerRecord<byte[], byte[]>> records() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            List<Shown> shown = new ArrayList<>();
            if (i < 20 || i > 60 && i < 80) {
                shown.add(at(ada, 300 + i, 300));
            }
            if (i > 10 && i < 40) {
                shown.add(at(stranger, 1000 - 20 * i, 320));
            }
            lobby.setBroker(i < 15 ? Duration.ofMinutes(9) : Duration.ZERO);
            var frame = lobby.film(Duration.ofMillis(200L * i), i < 25 ? "v1" : "v2", shown.toArray(Shown[]::new));
            records.addAll(frame.vectors());
            records.addAll(frame.events());
        }
        return records;
    }

    @Test
    void aRestartAfterAnyRecordChangesNoMessage() {
        List<ProducerRecord<byte[], byte[]>> records = records();
        records.forEach(processor::read);
        StoredProcessor restarted = new StoredProcessor();

        for (ProducerRecord<byte[], byte[]> record : records) {
            restarted.read(record);
            restarted.restart();
        }

        assertThat(restarted.told()).isEqualTo(processor.told()).hasSizeGreaterThan(6);
        assertThat(rows(restarted.store(0))).isEqualTo(rows(processor.store(0)));
    }

    private static Map<String, Integer> rows(KeyValueStore<byte[], byte[]> store) {
        Map<String, Integer> rows = new HashMap<>();
        store.all().forEachRemaining(row -> rows.put(Arrays.toString(row.key), row.value.length));
        return rows;
    }

    /** Its own time is in its marks, which are not there yet. */
    @ParameterizedTest
    @ValueSource(ints = {1, 120})
    void aFrameThatARestartCutsInTwoIsKeptWhileItsRestTakesSeconds(int seconds) {
        for (int i = 0; i < 3; i++) {
            var frame = lobby.film(Duration.ofMillis(200L * i), at(ada, 300, 300));
            frame.vectors().forEach(processor::read);
            frame.events().forEach(processor::read);
        }
        var cut = lobby.film(Duration.ofMillis(600), at(ada, 300, 300));
        processor.read(cut.vectors().get(0));
        processor.restart();

        processor.pass(Duration.ofSeconds(seconds));
        processor.read(cut.vectors().get(1));
        cut.events().forEach(processor::read);
        processor.pass(Duration.ofSeconds(7));

        assertThat(processor.told()).last().asString().contains(" LEFT ").contains(" 4 ");
    }

    @Test
    void aSilentCamerasVisitsEndAfterARestartBeforeAnythingIsRead() {
        records().subList(0, 40).forEach(processor::read);
        processor.restart();

        processor.pass(Duration.ofSeconds(7));

        assertThat(processor.told()).last().asString().contains(" LEFT ");
    }

    @Test
    void whoeverIsThereDoesNotLeaveBecauseOfARestart() {
        records().subList(0, 40).forEach(processor::read);
        processor.restart();

        processor.pass(Duration.ofSeconds(4));

        assertThat(processor.told()).noneMatch(told -> told.contains(" LEFT "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"of an earlier format", "cut off", "with more than it should have", "of nonsense"})
    void rowsThatThisBuildCannotReadAreDroppedAndTheServiceGoesOn(String how) {
        List<ProducerRecord<byte[], byte[]>> records = records();
        records.subList(0, 57).forEach(processor::read); // in mid-frame
        for (KeyValueStore<byte[], byte[]> store : processor.stores()) {
            Map<byte[], byte[]> rows = new HashMap<>();
            store.all().forEachRemaining(row -> rows.put(row.key, row.value));
            assertThat(rows).isNotEmpty();
            rows.forEach((key, row) -> store.put(key, spoilt(row, how)));
        }

        processor.restart();
        for (KeyValueStore<byte[], byte[]> store : processor.stores()) {
            assertThat(store.all()).isExhausted();
        }
        records.subList(57, records.size()).forEach(processor::read);

        assertThat(processor.told())
                .anyMatch(told -> told.contains(ada.id() + " "))
                .last()
                .asString()
                .contains(" LEFT ");
    }

    private static byte[] spoilt(byte[] row, String how) {
        byte[] other =
                switch (how) {
                    case "cut off" -> Arrays.copyOf(row, row.length - 1);
                    case "with more than it should have" -> Arrays.copyOf(row, row.length + 1);
                    default -> row.clone();
                };
        if (how.equals("of an earlier format")) {
            other[0] = 1;
        } else if (how.equals("of nonsense")) {
            Arrays.fill(other, 1, other.length, (byte) 0xff);
        }
        return other;
    }
}
