package io.facestream.sightings.streams;

import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Messages about visits, in the order in which they were told. */
record Told(List<Sighting> messages) {
    /** Those of one camera. */
    Told of(String camera) {
        return new Told(messages.stream()
                .filter(message -> message.camera().equals(camera))
                .toList());
    }

    /** The last message of each visit. */
    Map<String, Sighting> rows() {
        Map<String, Sighting> rows = new LinkedHashMap<>();
        messages.forEach(message -> rows.put(visit(message), message));
        return rows;
    }

    /** What a replay gives again: id, subject, first and last seen, and frames of each visit, sorted. */
    List<String> finalRows() {
        return rows().values().stream()
                .map(row -> visit(row) + " " + row.subject().kind() + " "
                        + row.subject().identityId() + " " + row.firstSeen() + " " + row.lastSeen() + " "
                        + row.frames())
                .sorted()
                .toList();
    }

    /** {@code change sequence} of each message, with the name of whoever has one. */
    List<String> changes() {
        return messages.stream().map(Told::change).toList();
    }

    /** Each visit as {@link HardCase} describes it. */
    List<HardCase.Visit> visits() {
        Map<String, List<Sighting>> visits = new LinkedHashMap<>();
        messages.forEach(message ->
                visits.computeIfAbsent(visit(message), id -> new ArrayList<>()).add(message));
        return visits.values().stream()
                .map(visit -> new HardCase.Visit(
                        row(visit.get(visit.size() - 1)),
                        String.join(", ", visit.stream().map(Told::change).toList())))
                .toList();
    }

    private static String visit(Sighting message) {
        return message.source() + " " + message.sightingId();
    }

    private static String change(Sighting message) {
        String change = message.change().code() + " " + message.sequence();
        if (message.subject().name() != null) {
            change += " " + message.subject().name();
        }
        if (message.subject().supersedes() != null) {
            change += " not " + message.subject().supersedes().name();
        }
        return change;
    }

    private static String row(Sighting row) {
        String who = row.reason() == null ? row.subject().name() : row.reason().code();
        return String.format(
                Locale.ROOT,
                "%s %d frames %.1f to %.1f s",
                who,
                row.frames(),
                seconds(row.firstSeen()),
                seconds(row.lastSeen()));
    }

    private static double seconds(Instant time) {
        return Duration.between(FilmedCamera.START, time).toMillis() / 1e3;
    }
}
