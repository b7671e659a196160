package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast the page is with 100,000 people and 1,000,000 visits of 29 days, three of four of them with a shot, an eighth
 * of 5,000 strangers; and with 200 trainings. There is no broker, so what Kafka says is not shown.
 */
@QuarkusTest
@Tag("own-process")
@Tag("long")
@TestProfile(WebApi.Alone.class)
class PageAtScaleTest {
    private static final Duration LIMIT = Duration.ofMillis(500);
    private static final int TRIES = 5;

    /** Waits for it, since a page may be loaded before it is painted. */
    private static final String FIRST_PAINT = "new Promise(done => new PerformanceObserver(list =>"
            + " list.getEntriesByName('first-contentful-paint').forEach(paint => done(paint.startTime)))"
            + ".observe({type: 'paint', buffered: true}))";

    private static final String ANSWER = "(({requestStart, responseEnd}) => responseEnd - requestStart)"
            + "(performance.getEntriesByType('navigation')[0])";

    private final WebApi api = new WebApi();
    private final PageData data = new PageData();
    private Chromium browser;

    @BeforeEach
    void fill() throws Exception {
        browser = Chromium.open();
        data.clear();
        api.execute(
                """
                set search_path = facestream, public;
                insert into identity (kind, name)
                    select 'person', 'Person ' || n from generate_series(1, 100000) n;
                insert into identity_tag select id, 'tag ' || right(name, 1) from identity;
                insert into face_sample (identity_id, sha256, chip, enrolled, quality, source_topic, source_partition,
                        source_offset)
                    select id, sha256(id::text::bytea), '\\x00', true, '{}', 'labelled-faces', 0, 1 from identity;
                select make_sighting_days(array(
                    select (now() at time zone 'UTC')::date - d from generate_series(0, 29) d));
                insert into sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id, probability,
                        reason, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                    select '/cameras/cam-' || n % 16, 'v-' || n, (at at time zone 'UTC')::date, 1, 'left',
                        'cam-' || n % 16, case when p.id is null then 'unknown' else 'person' end, p.id,
                        case when p.id is not null then 0.97 end, case when p.id is null then 'nobody-near' end,
                        at, at + interval '9 s', at, at + interval '9 s', 30, '{"eventId": "e"}'
                    from (select n, now() - n * interval '2.5 s' as at,
                                 case when n % 4 > 0 then 'Person ' || 1 + n::bigint * 7919 % 100000 end as name
                          from generate_series(1, 1000000) n) v
                        left join identity p on p.name = v.name;
                insert into sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at, chip)
                    select source, sighting_id, day, 'e', identity_id, now(), '\\x00' from sighting
                    where identity_id is not null;
                insert into identity (kind) select 'stranger' from generate_series(1, 5000);
                insert into stranger (identity_id, expires_at)
                    select id, now() + interval '30 days' from identity where kind = 'stranger';
                insert into stranger_chip (identity_id, sha256, chip, quality, source_topic, source_partition,
                        source_offset)
                    select identity_id, sha256((n || identity_id::text)::bytea), '\\x00', '{}', 'detected-faces', 0, n
                    from stranger, generate_series(1, 3) n;
                update sighting v set identity_id = s.id, kind = 'stranger'
                    from (select id, row_number() over () as n from identity where kind = 'stranger') s
                    where substr(v.sighting_id, 3)::int % 8 = 0 and s.n = 1 + substr(v.sighting_id, 3)::int / 8 % 5000;
                insert into training_command (id, kind, command, state, epochs)
                    select gen_random_uuid(), 'fine-tune', '{"epochs": 20}', 'done', (select jsonb_build_object('epochs',
                        jsonb_agg(jsonb_build_object('epoch', e, 'loss', 0.2, 'activeShare', 0.5, 'intra', 0.7,
                            'inter', 1.3, 'validationTar', 0.9, 'photosPerSecond', 80, 'seconds', 90, 'epochs', 20)))
                        from generate_series(1, 20) e) from generate_series(1, 200);
                analyze stranger, stranger_chip, training_command;
                analyze identity, identity_tag, face_sample, sighting, sighting_shot;
                reset search_path""");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(browser.closePages()).isEmpty();
    }

    @Test
    void theFirstPaintOfEachViewTakesHalfASecondAtMost() throws Exception {
        String person = api.query("select id from facestream.identity where name = 'Person 4242'")
                .get(0);
        var page = browser.signedIn("admin");
        Map<String, Double> paints = new LinkedHashMap<>();

        for (String view : List.of(
                "/",
                "/?person=4242",
                "/?person=" + person,
                "/?camera=cam-3",
                "/?who=unnamed",
                "/people",
                "/people?name=4242",
                "/people?tag=tag+7",
                "/people/" + person,
                "/strangers",
                "/strangers?camera=cam-8",
                "/models",
                "/threshold",
                "/health",
                "/live")) {
            double best = Double.MAX_VALUE;
            double server = Double.MAX_VALUE;
            for (int i = 0; i < TRIES; i++) {
                page.navigate(view);
                best = Math.min(best, ((Number) page.evaluate(FIRST_PAINT)).doubleValue());
                server = Math.min(server, ((Number) page.evaluate(ANSWER)).doubleValue());
            }
            System.out.printf("first paint of %s: %.0f ms, of which the answer took %.0f%n", view, best, server);
            paints.put(view, best);
        }
        assertThat(paints).allSatisfy((view, millis) -> assertThat(millis).isLessThan(LIMIT.toMillis()));
    }
}
