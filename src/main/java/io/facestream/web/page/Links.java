package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.facestream.web.Problem;
import io.facestream.web.Texts;
import io.facestream.web.cameras.KnownCamera;
import io.facestream.web.people.Person;
import io.facestream.web.visits.Visit;
import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Set;

/** What templates say of visits and people, as if it were theirs: names of elements, URLs, times. */
@TemplateExtension
final class Links {
    private static final Set<String> OF_SIGN_IN =
            Set.of("sign-in-refused", "no-role", "no-subject", "issuer-not-trusted", "no-provider");
    private static final double PERCENT = 100;
    private static final int KEY = 8;

    private Links() {}

    /** Whether it is about a sign-in by a provider, which has words of its own. */
    static boolean isOfSignIn(Problem problem) {
        return OF_SIGN_IN.contains(problem.code());
    }

    /** A text as the value of a URL's parameter. */
    static String encoded(String text) {
        return Texts.encoded(text);
    }

    /** Its beginning, as HTML may have it. */
    static Instant since(Visit visit) {
        return visit.firstSeen().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A name for its element. */
    static String key(Visit visit) {
        byte[] hash = Sha256.of((visit.source() + "\n" + visit.id()).getBytes(UTF_8));
        return "visit-" + HexFormat.of().formatHex(hash, 0, KEY);
    }

    /** Where the whole frame is. */
    static String frameUrl(Visit visit) {
        return "/visit/frame?source=" + Texts.encoded(visit.source()) + "&visit=" + Texts.encoded(visit.id());
    }

    /** Where its picture is. Another shot has another URL, so that browsers may keep each. */
    static String shotUrl(Visit visit) {
        return "/shots?source=" + Texts.encoded(visit.source()) + "&visit=" + Texts.encoded(visit.id()) + "&face="
                + Texts.encoded(visit.shot());
    }

    /** Where it is said whose it is. */
    static String url(Visit visit) {
        return VisitResource.url(visit.source(), visit.id());
    }

    /** How sure the name is, rounded down; null for somebody unknown. */
    static Integer percent(Visit visit) {
        return visit.probability() == null ? null : (int) Math.floor(visit.probability() * PERCENT);
    }

    /** Whole minutes from the first to the last moment. */
    static long minutes(Visit visit) {
        return Duration.between(visit.firstSeen(), visit.lastSeen()).toMinutes();
    }

    static long seconds(Visit visit) {
        return Math.max(1, Duration.between(visit.firstSeen(), visit.lastSeen()).toSeconds());
    }

    /** The page of one of the tags. */
    static String tagUrl(Person person, String tag) {
        return "/people?tag=" + Texts.encoded(tag);
    }

    /** Where photos of this person are sent. */
    static String photosUrl(Person person) {
        return "/people/" + person.id() + "/photos";
    }

    /** The visits of this person. */
    static String visitsUrl(Person person) {
        return "/?person=" + person.id();
    }

    /** The visits to this camera. */
    static String visitsUrl(KnownCamera camera) {
        return "/?camera=" + Texts.encoded(camera.name());
    }

    /** Where the next page is. */
    static String nextUrl(Person.Listing listing) {
        return "/people?name=" + Texts.encoded(listing.text()) + "&tag=" + Texts.encoded(listing.tag()) + "&after="
                + Texts.encoded(listing.next());
    }
}
