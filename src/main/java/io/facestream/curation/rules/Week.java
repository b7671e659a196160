package io.facestream.curation.rules;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of the week, by the clock on the wall. A span over midnight belongs to the day it begins on. In the night when
 * clocks go back, the hour that comes twice is in a span both times; the hour that is left out is in none.
 */
public record Week(List<Span> spans, ZoneId zone) {
    private static final Pattern DAYS = Pattern.compile("([a-z]{3})(?:-([a-z]{3}))?");
    private static final Pattern TIMES = Pattern.compile("(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d)");
    private static final List<String> NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int MINUTES_OF_DAY = 24 * 60;
    private static final String FORM = "it is such as \"mon-fri 22:00-06:00\", \"sat sun\" or \"08:00-17:30\"";

    public Week {
        spans = List.copyOf(spans);
    }

    /**
     * @param from minute of the day at which it begins
     * @param to minute at which it is over, of the next day if it is not after {@code from}
     */
    record Span(Set<DayOfWeek> days, int from, int to) {
        Span {
            days = Set.copyOf(days);
        }

        boolean includes(DayOfWeek day, int minute) {
            if (from < to) {
                return days.contains(day) && minute >= from && minute < to;
            }
            return (days.contains(day) && minute >= from) || (days.contains(day.minus(1)) && minute < to);
        }
    }

    /**
     * @param texts none for the whole week
     * @throws IllegalArgumentException naming what is wrong, by its place: what people write may be about somebody, and
     *     answers to commands are kept
     */
    public static Week of(List<String> texts, String zone) {
        ZoneId known;
        try {
            known = ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("zone is not a time zone, such as Europe/Berlin or UTC", e);
        }
        List<Span> spans = new ArrayList<>();
        for (String text : texts) {
            try {
                spans.add(span(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("when, span " + (spans.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return new Week(spans, known);
    }

    private static Span span(String text) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        int[] times = null;
        for (String word : text.strip().toLowerCase(Locale.ROOT).split("\\s+")) {
            Matcher some = DAYS.matcher(word);
            Matcher hours = TIMES.matcher(word);
            if (some.matches() && times == null) {
                addDays(some, days);
            } else if (hours.matches() && times == null) {
                times = new int[] {minute(hours.group(1), hours.group(2)), minute(hours.group(3), hours.group(4))};
            } else {
                throw new IllegalArgumentException(FORM);
            }
        }
        if (times == null) {
            times = new int[] {0, MINUTES_OF_DAY};
        }
        if (times[0] == times[1] || times[0] == MINUTES_OF_DAY) {
            throw new IllegalArgumentException("it is no time at all: a whole day is 00:00-24:00");
        }
        return new Span(days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days, times[0], times[1]);
    }

    private static void addDays(Matcher some, Set<DayOfWeek> days) {
        int first = NAMES.indexOf(some.group(1));
        int last = some.group(2) == null ? first : NAMES.indexOf(some.group(2));
        if (first < 0 || last < 0) {
            throw new IllegalArgumentException("days are " + String.join(", ", NAMES));
        }
        for (int day = first; ; day = (day + 1) % NAMES.size()) {
            days.add(DayOfWeek.of(day + 1));
            if (day == last) {
                return;
            }
        }
    }

    private static int minute(String hour, String minute) {
        int all = 60 * Integer.parseInt(hour) + Integer.parseInt(minute);
        if (Integer.parseInt(minute) > 59 || all > MINUTES_OF_DAY) {
            throw new IllegalArgumentException("times are 00:00 to 24:00");
        }
        return all;
    }

    public boolean includes(Instant moment) {
        if (spans.isEmpty()) {
            return true;
        }
        ZonedDateTime there = moment.atZone(zone);
        LocalTime time = there.toLocalTime();
        return spans.stream()
                .anyMatch(span -> span.includes(there.getDayOfWeek(), 60 * time.getHour() + time.getMinute()));
    }
}
