package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast the page is with 100,000 people and 1,000,000 visits of 29 days, three of four of them with a shot, an
 * eighth of 5,000 strangers; with 200 trainings, 50 rules and 200,000 alerts. There is no broker, so what Kafka says is
 * not shown.
 */
@QuarkusTest
@Tag("own-process")
@Tag("long")
@TestProfile(WebApi.Alone.class)
class PageAtScaleTest {
    private static final Duration LIMIT = Duration.ofMillis(500);
    private static final int TRIES = 5;
    private static final long VISITS_OF_TWO_DAYS = 2 * Duration.ofDays(1).toMillis() / 2_500;

    /** Waits for it, since a page may be loaded before it is painted. */
    private static final String FIRST_PAINT = "new Promise(done => new PerformanceObserver(list =>"
            + " list.getEntriesByName('first-contentful-paint').forEach(paint => done(paint.startTime)))"
            + ".observe({type: 'paint', buffered: true}))";

    private static final String ANSWER = "(({requestStart, responseEnd}) => responseEnd - requestStart)"
            + "(performance.getEntriesByType('navigation')[0])";

    /**
     * How many rows sequential scans have read, by table, where partitions count as one, also within functions. Health
     * counts the visits of a day, which are of two partitions.
     */
    private static final String READ_IN_SEQUENCE =
            """
            select coalesce(pg_partition_root(s.relid)::regclass::text, s.relid::regclass::text) || ' '
                || sum(s.seq_tup_read)
            from pg_stat_user_tables s
            where s.schemaname = 'facestream'
            group by coalesce(pg_partition_root(s.relid)::regclass::text, s.relid::regclass::text)
            order by 1""";

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
                insert into alert_target (name, keep) values ('phone', interval '7 days'), ('mail', interval '7 days');
                insert into alert_rule (name, known, strangers, unknown, tags, cameras, spans, zone, cool_down, targets)
                    select 'rule-' || n, false, false, true, '{}', array['cam-' || n % 16], '{}', 'UTC', interval '0',
                        '{phone,mail}' from generate_series(1, 50) n;
                insert into alert_rule_person (rule, identity_id)
                    select 'rule-' || 1 + right(name, 1)::int, id from identity where name like 'Person 123%';
                insert into alert_outbox (id, rule, target, source, sighting_id, subject, sequence, change, camera, kind,
                        first_seen, last_seen, first_appended_at, last_appended_at, frames, best, cool_down, state,
                        due_at, done_at)
                    select gen_random_uuid(), 'rule-' || 1 + n % 50, (array['phone', 'mail'])[1 + n % 2],
                        '/cameras/cam-' || n % 16, 'v-' || n, 'unknown', 1, 'appeared', 'cam-' || n % 16, 'unknown', at,
                        at, at, at, 1, '{}', interval '0', 'sent', at, at
                    from (select n, now() - n * interval '2.5 s' as at from generate_series(1, 200000) n) v;
                analyze stranger, stranger_chip, training_command, alert_rule, alert_rule_person, alert_outbox;
                analyze identity, identity_tag, face_sample, sighting, sighting_shot;
                reset search_path""");
        api.execute(
                """
                do $$
                declare
                    index record;
                begin
                    select i.indexname, i.indexdef into strict index from pg_indexes i
                    where i.schemaname = 'facestream' and i.indexdef like '%USING hnsw%'
                        and i.tablename like 'template%';
                    execute format('drop index facestream.%I', index.indexname);
                    insert into facestream.template (model_version, identity_id, embedding, samples)
                        select v.version, i.id, (select l2_normalize(array_agg(random() - 0.5)::vector)
                                                 from generate_series(1, v.dimensions) where i.id is not null), 1
                        from facestream.identity i, facestream.model_version v
                        where i.kind = 'person' and v.status = 'active';
                    set local maintenance_work_mem = '512MB';
                    execute index.indexdef;
                end $$""");
        api.execute("analyze facestream.template");
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
        Map<String, Long> before = readInSequence();

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
                "/people/" + person + "/alike",
                "/visit?source=%2Fcameras%2Fcam-1&visit=v-900001",
                "/map",
                "/strangers",
                "/strangers?camera=cam-8",
                "/alerts",
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
        Map<String, Long> read = readInSequence();
        read.replaceAll((table, rows) -> rows - before.getOrDefault(table, 0L));
        System.out.println("rows read in sequence: " + read);
        for (String table : List.of("face_sample", "face_embedding", "template", "sighting_shot", "stranger_chip")) {
            assertThat(read).containsEntry(table, 0L);
        }
        assertThat(read.get("sighting")).isLessThan(TRIES * VISITS_OF_TWO_DAYS);
        assertThat(paints).allSatisfy((view, millis) -> assertThat(millis).isLessThan(LIMIT.toMillis()));
    }

    /** Waits until no session has more to tell the statistics, which each does once it is idle for ten seconds. */
    private Map<String, Long> readInSequence() {
        AtomicReference<List<String>> last = new AtomicReference<>();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .during(Duration.ofSeconds(15))
                .until(() -> {
                    List<String> now = api.query(READ_IN_SEQUENCE);
                    return now.equals(last.getAndSet(now));
                });
        Map<String, Long> read = new TreeMap<>();
        last.get().forEach(line -> read.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
        return read;
    }
}
