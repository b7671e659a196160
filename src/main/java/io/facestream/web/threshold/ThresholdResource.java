package io.facestream.web.threshold;

import io.facestream.identities.Decider;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.MatchingConfig;
import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What another target would have made of the last days. It sets nothing. */
@Path("/threshold")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class ThresholdResource {
    private static final int PERCENT = 100;
    private static final double SMALLEST = 0.001;

    /** The largest target, in percent: faces that are farther than by it are not looked at. */
    private static final double LARGEST = 10;

    /** In percent. */
    private static final List<Double> USUAL = List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0);

    private final EventsTopic events;
    private final GalleryTable gallery;
    private final Visits visits;
    private final MatchingConfig config;
    private final Readers readers;

    ThresholdResource(EventsTopic events, GalleryTable gallery, Visits visits, MatchingConfig config, Readers readers) {
        this.events = events;
        this.gallery = gallery;
        this.visits = visits;
        this.config = config;
        this.readers = readers;
    }

    /** @param target in percent; absent for the form alone */
    @GET
    @Operation(hidden = true)
    public TemplateInstance threshold(
            @QueryParam("days") @DefaultValue("1") int days, @QueryParam("target") Double target) throws SQLException {
        if (days < 1 || days > Comparison.MOST_DAYS || target != null && !(target >= SMALLEST && target <= LARGEST)) {
            throw new ProblemException("bad-parameter", "A parameter has no allowed value", 400, null);
        }
        Reader reader = readers.signedIn();
        GalleryTable.State state = gallery.state();
        DecisionRule now = new Decider(state.version(), state.gallery(), config).rule();
        Comparison comparison = new Comparison(
                days,
                target,
                inForce(),
                now.threshold(),
                config.threshold().isPresent()
                        || state.version().calibration().falseMatchRates().isEmpty(),
                target == null ? null : answer(state, now, days, target));
        return ThresholdPages.threshold(reader, comparison).setLocale(reader.locale());
    }

    private Comparison.Answer answer(GalleryTable.State state, DecisionRule now, int days, double target)
            throws SQLException {
        Seen seen = events.read(new EventsTopic.Question(
                days,
                state.version().version(),
                Math.max(now.threshold(), rule(state, LARGEST).threshold())));
        Map<UUID, KnownPerson> people =
                gallery.people(seen.faces().stream().map(SeenFace::nearest).collect(Collectors.toSet()));
        WhatIf whatIf = new WhatIf(seen.faces(), people);
        DecisionRule then = rule(state, target);
        return new Comparison.Answer(
                seen.since(),
                seen.read(),
                seen.poor(),
                seen.otherVersion(),
                whatIf.otherwise(now),
                whatIf.gone(),
                trials(state, whatIf, now, target),
                changed(whatIf.onlyBy(now, then), then),
                changed(whatIf.onlyBy(then, now), then));
    }

    private Comparison.Changed changed(List<Passage> all, DecisionRule rule) throws SQLException {
        List<Comparison.Shown> shown = new ArrayList<>();
        for (Passage passage : all.subList(0, Math.min(Comparison.MOST, all.size()))) {
            shown.add(new Comparison.Shown(
                    passage,
                    visits.at(passage.camera(), passage.first(), passage.personId())
                            .orElse(null),
                    passage.limit(rule)));
        }
        return new Comparison.Changed(all.size(), shown);
    }

    private List<Comparison.Trial> trials(GalleryTable.State state, WhatIf whatIf, DecisionRule now, double target) {
        double inForce = inForce();
        return Stream.concat(USUAL.stream(), Stream.of(target, inForce))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(each -> {
                    DecisionRule rule = each == inForce ? now : rule(state, each);
                    return new Comparison.Trial(
                            each,
                            rule.threshold(),
                            whatIf.named(rule),
                            whatIf.onlyBy(now, rule).size(),
                            whatIf.onlyBy(rule, now).size(),
                            each == inForce,
                            each == target);
                })
                .toList();
    }

    /** In percent, without what multiplying adds to it. */
    private double inForce() {
        return BigDecimal.valueOf(config.targetFpir()).movePointRight(2).doubleValue();
    }

    private DecisionRule rule(GalleryTable.State state, double percent) {
        return Decider.rule(
                state.version(), state.gallery(), percent / PERCENT, Decider.separation(state.version(), config));
    }
}
