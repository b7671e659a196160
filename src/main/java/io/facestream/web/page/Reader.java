package io.facestream.web.page;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who reads the page, and how.
 *
 * @param locale one that there are words for
 * @param habits the reader's own, for days and times
 * @param zone of the reader's clock
 * @param name as they signed in; null if they have not
 * @param roles what they may; empty if they have not signed in
 * @param formToken what requests that change something bring along; null if they have not signed in
 */
public record Reader(Locale locale, Locale habits, ZoneId zone, String name, List<String> roles, String formToken) {
    private static final int DECIMALS = 3;
    private static final double KILO = 1_000;
    private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB");

    public Reader {
        roles = List.copyOf(roles);
    }

    /** Such as {@code en}. */
    public String language() {
        return locale.getLanguage();
    }

    public boolean isOperator() {
        return roles.contains("operator");
    }

    public boolean isAdmin() {
        return roles.contains("admin");
    }

    /** Hours and minutes. */
    public String time(Instant at) {
        return DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)
                .withLocale(habits)
                .format(at.atZone(zone));
    }

    public String day(LocalDate day) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL)
                .withLocale(habits)
                .format(day);
    }

    /** With two decimals. */
    public String number(double value) {
        return String.format(habits, "%.2f", value);
    }

    /** With as many decimals as it has, at most three. */
    public String share(double value) {
        NumberFormat format = NumberFormat.getNumberInstance(habits);
        format.setMaximumFractionDigits(DECIMALS);
        return format.format(value);
    }

    /** In kB, MB, GB or TB, with one decimal. */
    public String bytes(long bytes) {
        int unit = 0;
        double size = bytes / KILO;
        while (size >= KILO && unit < UNITS.size() - 1) {
            size /= KILO;
            unit++;
        }
        return String.format(habits, "%.1f %s", size, UNITS.get(unit));
    }

    /** In seconds, minutes, hours or days, the two largest that are not 0. */
    public String duration(Duration length) {
        List<String> parts = new ArrayList<>();
        parts.add(length.toDaysPart() + " d");
        parts.add(length.toHoursPart() + " h");
        parts.add(length.toMinutesPart() + " min");
        parts.add(length.toSecondsPart() + " s");
        List<String> told =
                parts.stream().filter(part -> !part.startsWith("0 ")).toList();
        return told.isEmpty()
                ? parts.get(parts.size() - 1)
                : String.join(" ", told.subList(0, Math.min(2, told.size())));
    }

    /** Day and time. */
    public String moment(Instant at) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(habits)
                .format(at.atZone(zone));
    }

    /** The day of a moment. */
    LocalDate dayOf(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }

    /** How many days ago a day was; 0 for today. */
    public int daysAgo(LocalDate day) {
        return Math.toIntExact(LocalDate.now(zone).toEpochDay() - day.toEpochDay());
    }

    /** The version of scripts and styles, so that browsers keep them until there are others. */
    public String assets() {
        return Assets.VERSION;
    }
}
