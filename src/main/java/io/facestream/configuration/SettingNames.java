package io.facestream.configuration;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Knows the names of all settings and refuses any other: a misspelt name would do nothing, and nobody would notice.
 * Mappings already refuse unknown names below their own prefix in files; this checks the environment and the other
 * prefixes.
 */
public final class SettingNames {
    private static final String PREFIX = "facestream.";

    /** Settings without a mapping. */
    private static final List<String> SINGLE = List.of("facestream.instance");

    /**
     * Names that are not settings: of the launcher, in the environment; and system properties that the launcher or a
     * developer sets.
     */
    private static final Set<String> ENVIRONMENT = Set.of("FACESTREAM_HOME", "FACESTREAM_JAVA", "FACESTREAM_JAVA_OPTS");

    private static final Set<String> PROPERTIES = Set.of("facestream.clone", "facestream.stack-traces");

    /** Quarkus's own profiles; each role has one as well. */
    private static final Set<String> PROFILES = Set.of("prod", "dev", "test");

    private static final Pattern OF_A_PROFILE = Pattern.compile("%\\{?([^.}]+)}?\\.(.+)");
    private static final Pattern IN_THE_ENVIRONMENT = Pattern.compile("(?:_(.+?)_)?(FACESTREAM_.+)");

    /**
     * Variables that Kubernetes and linked containers set for a service called facestream-something, such as
     * {@code FACESTREAM_MATCHING_SERVICE_HOST} and {@code FACESTREAM_MATCHING_PORT_9000_TCP_ADDR}.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "FACESTREAM(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private final Set<String> names = new TreeSet<>(SINGLE);
    private final Set<String> profiles = new TreeSet<>(PROFILES);

    public SettingNames(Collection<Class<?>> mappings) {
        mappings.forEach(mapping -> names.addAll(
                ConfigMappings.getProperties(ConfigClass.configClass(mapping)).keySet()));
        Stream.of(Role.values()).map(Role::toString).forEach(profiles::add);
    }

    /**
     * Refuses a name that has this application's prefix but is not a setting.
     *
     * @throws IllegalArgumentException naming it and the most similar setting
     */
    public void checkEnvironment(Collection<String> variables) {
        for (String variable : sorted(variables)) {
            Matcher name = IN_THE_ENVIRONMENT.matcher(variable.toUpperCase(Locale.ROOT));
            if (!name.matches()
                    || ENVIRONMENT.contains(name.group(2))
                    || SERVICE_LINK.matcher(name.group(2)).matches()) {
                continue;
            }
            if (name.group(1) != null && !isProfile(name.group(1), "_")) {
                throw new IllegalArgumentException("the environment has " + variable
                        + ", which names an unknown profile: " + "it is one of " + inTheEnvironment(profiles));
            }
            if (names.stream().noneMatch(known -> Pattern.matches(environmentPattern(known), name.group(2)))) {
                Set<String> all = new TreeSet<>(inTheEnvironment(names));
                all.addAll(ENVIRONMENT);
                throw new IllegalArgumentException("the environment has " + variable + ", which is not a setting: "
                        + suggestion(name.group(2), all));
            }
        }
    }

    /**
     * The same for names in files and system properties.
     *
     * @param source where they come from, for the message
     */
    public void checkProperties(String source, Collection<String> properties) {
        for (String property : sorted(properties)) {
            Matcher profiled = OF_A_PROFILE.matcher(property);
            boolean ofAProfile = profiled.matches();
            String name = ofAProfile ? profiled.group(2) : property;
            if (!name.startsWith(PREFIX) || PROPERTIES.contains(name)) {
                continue;
            }
            if (ofAProfile && !isProfile(profiled.group(1), ",")) {
                throw new IllegalArgumentException(
                        source + " has " + property + ", which names an unknown profile; profiles are " + profiles);
            }
            if (names.stream().noneMatch(known -> Pattern.matches(propertyPattern(known), name))) {
                throw new IllegalArgumentException(
                        source + " has " + property + ", which is not a setting: " + suggestion(name, names));
            }
        }
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    /** Whether the text is one profile, or several. */
    private boolean isProfile(String text, String separator) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split(separator))
                .filter(profile -> !profile.isEmpty())
                .allMatch(profiles::contains);
    }

    private static Set<String> inTheEnvironment(Collection<String> names) {
        return names.stream().map(SettingNames::inTheEnvironment).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String inTheEnvironment(String name) {
        return name.replace("*", "_NAME_").replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** A key of a map may be any text; each of its quotes becomes an underscore. */
    private static String environmentPattern(String name) {
        return Stream.of(name.split("\\*", -1))
                .map(part -> Pattern.quote(part.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT)))
                .collect(Collectors.joining(".+"));
    }

    private static String propertyPattern(String name) {
        return Stream.of(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("(\"[^\"]+\"|[^.]+)"));
    }

    private static String suggestion(String name, Collection<String> known) {
        Optional<String> nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= candidate.length() / 3);
        return nearest.map(candidate -> "did you mean " + candidate + "?").orElse("docs/configuration.md lists them");
    }

    /** The least number of insertions, deletions and replacements that turn one into the other (Levenshtein). */
    private static int distance(String left, String right) {
        List<Integer> before = new ArrayList<>();
        for (int j = 0; j <= right.length(); j++) {
            before.add(j);
        }
        for (int i = 1; i <= left.length(); i++) {
            List<Integer> now = new ArrayList<>(List.of(i));
            for (int j = 1; j <= right.length(); j++) {
                int replaced = before.get(j - 1) + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                now.add(Math.min(replaced, 1 + Math.min(before.get(j), now.get(j - 1))));
            }
            before = now;
        }
        return before.get(right.length());
    }
}
