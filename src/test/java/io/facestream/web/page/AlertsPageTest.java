package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules of alerts are added, changed and removed by the page, through Kafka and the role curation. */
@QuarkusTest
@Tag("own-process")
@TestProfile(ChangesPageTest.WithCuration.class)
class AlertsPageTest extends PageTest {
    @BeforeEach
    void setTargets() throws Exception {
        for (String table : new String[] {"alert_outbox", "alert_rule", "alert_target", "alert_settings_rule"}) {
            api.execute("delete from facestream." + table);
        }
        api.execute("insert into facestream.alert_target (name, keep) values"
                + " ('phone', interval '7 days'), ('mail', interval '7 days')");
        api.execute("insert into facestream.alert_settings_rule (name) values ('fixed')");
    }

    private Page alerts(String role) throws Exception {
        Page page = browser.signedIn(role);
        page.navigate("/alerts");
        return page;
    }

    /** Fills the form for a new rule, and leaves the focus on its button. */
    private static Locator fillIn(Page page, String name, String who) {
        page.getByText("Add a rule").click();
        Locator form = page.locator(".panel form.rule");
        form.locator("[name=rule]").fill(name);
        form.locator("[name=who]").fill(who);
        form.getByLabel("phone").check();
        return form;
    }

    private static void save(Locator form) {
        form.getByText("Save").click();
    }

    private static Locator rule(Page page, String name) {
        return page.locator(".rules li")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator("h3", new Page.LocatorOptions().setHasText(name))));
    }

    @Test
    void aRuleIsAddedAndListedWithWhatItSays() throws Exception {
        data.person("Grace Hopper");
        Page page = alerts("operator");
        Locator form = fillIn(page, "night", "unknown\nGrace Hopper\ntag:<b>staff</b>");
        form.locator("[name=where]").fill("front-*\nyard");
        form.locator("[name=when]").fill("mon-fri 22:00-06:00");
        form.locator("[name=zone]").fill("Europe/Berlin");
        form.locator("[name=coolDown]").fill("10");

        save(form);

        assertThat(page.locator(".notice")).containsText("The rule applies");
        Locator night = rule(page, "night");
        assertThat(night).containsText("unknown, tag:<b>staff</b>, Grace Hopper");
        assertThat(night).containsText("front-*, yard");
        assertThat(night).containsText("mon-fri 22:00-06:00 (Europe/Berlin)");
        assertThat(night).containsText("phone");
        assertThat(night).containsText("10 min");
    }

    @Test
    void timesAreThoseOfWhoeverFillsInTheForm() throws Exception {
        Page page = alerts("operator");
        Locator form = fillIn(page, "night", "unknown");
        form.locator("[name=when]").fill("22:00-06:00");

        save(form);

        assertThat(rule(page, "night")).containsText("22:00-06:00 (Europe/Berlin)");
    }

    @Test
    void aRuleIsChangedAndWhatWasNotTouchedStays() throws Exception {
        data.person("Grace Hopper");
        Page page = alerts("operator");
        Locator added = fillIn(page, "night", "Grace Hopper");
        added.locator("[name=coolDown]").fill("0.5");
        save(added);
        assertThat(page.locator(".notice")).isVisible();

        rule(page, "night").locator("summary").click();
        Locator form = rule(page, "night").locator("form.rule");
        form.locator("[name=where]").fill("yard");
        save(form);

        assertThat(rule(page, "night")).containsText("yard");
        assertThat(rule(page, "night")).containsText("Grace Hopper");
        assertThat(rule(page, "night")).containsText("30 s");
        assertThat(api.query("select cool_down::text from facestream.alert_rule"))
                .containsExactly("00:00:30");
    }

    @Test
    void aRuleIsRemoved() throws Exception {
        Page page = alerts("operator");
        save(fillIn(page, "night", "unknown"));
        assertThat(rule(page, "night")).hasCount(1);

        rule(page, "night").locator("summary").click();
        rule(page, "night").locator("button.bad").click();

        assertThat(page.locator(".notice")).containsText("The rule is removed");
        assertThat(rule(page, "night")).hasCount(0);
        assertThat(api.query("select 1 from facestream.alert_rule")).isEmpty();
    }

    @Test
    void theKeyboardIsEnough() throws Exception {
        Page page = alerts("operator");
        page.locator(".panel summary").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().type("door");
        page.keyboard().press("Tab");
        page.keyboard().type("anybody");
        for (int field = 0; field < 5; field++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Space");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        assertThat(rule(page, "door")).containsText("anybody");
        assertThat(rule(page, "door")).containsText("mail");
    }

    @Test
    void whatIsNoRuleIsRefusedInWordsAndTheFormStays() throws Exception {
        Page page = alerts("operator");
        Locator form = fillIn(page, "night", "Nobody At All");

        save(form);
        assertThat(page.locator(".answer .failure")).hasText("There is nobody of that name.");

        form.locator("[name=who]").fill("unknown");
        form.locator("[name=when]").fill("whenever");
        save(form);
        assertThat(form.locator(".answer")).containsText("when, span 1: it is such as");
        assertThat(form.locator("[name=who]")).hasValue("unknown");
    }

    @Test
    void whatIsRefusedIsToldWhereTheFormIs() throws Exception {
        Page page = alerts("operator");
        save(fillIn(page, "night", "unknown"));
        assertThat(page.locator(".notice")).isVisible();

        rule(page, "night").locator("summary").click();
        Locator form = rule(page, "night").locator("form.rule");
        form.locator("[name=who]").fill("Nobody At All");
        save(form);

        assertThat(form.locator(".answer .failure")).isInViewport();
    }

    /** Only the service's own words say which entry is wrong. */
    @Test
    void whatIsNoRuleIsToldInOtherLanguagesToo() throws Exception {
        Page english = alerts("operator");
        Page page = browser.page(Chromium.desk().setLocale("de-DE"));
        page.context().addCookies(english.context().cookies());
        page.navigate("/alerts");
        page.getByText("Regel hinzufügen").click();
        Locator form = page.locator(".panel form.rule");
        form.locator("[name=rule]").fill("night");
        form.locator("[name=who]").fill("unknown");
        form.locator("[name=when]").fill("whenever");
        form.getByLabel("phone").check();
        form.getByText("Speichern").click();

        assertThat(form.locator(".answer [lang=en]")).containsText("when, span 1: it is such as");
    }

    @Test
    void withoutATargetThereIsNothingToSave() throws Exception {
        api.execute("delete from facestream.alert_target");
        Page page = alerts("operator");

        page.getByText("Add a rule").click();

        assertThat(page.locator(".panel form.rule button")).isDisabled();
        assertThat(page.locator(".panel fieldset")).containsText("No target is known");
    }

    @Test
    void aRuleMayNameManyPeople() throws Exception {
        List<String> names = api.query("insert into facestream.identity (kind, name)"
                + " select 'person', 'Ada of the long name, number ' || i from generate_series(1, 500) i"
                + " returning name");
        Page page = alerts("operator");

        save(fillIn(page, "many", String.join("\n", names)));

        assertThat(page.locator(".notice")).containsText("The rule applies");
        assertThat(api.query("select count(*)::text from facestream.alert_rule_person where rule = 'many'"))
                .containsExactly("500");
    }

    @Test
    void aNewRuleReplacesNoOther() throws Exception {
        Page page = alerts("operator");
        save(fillIn(page, "night", "unknown"));
        assertThat(page.locator(".notice")).isVisible();

        save(fillIn(page, "night", "anybody"));

        assertThat(page.locator(".answer .failure")).hasText("There is a rule of that name already.");
        assertThat(rule(page, "night")).containsText("unknown");
    }

    @Test
    void whatSomebodyElseChangedSinceIsNotOverwritten() throws Exception {
        Page page = alerts("operator");
        save(fillIn(page, "night", "unknown"));
        assertThat(page.locator(".notice")).isVisible();
        Page other = alerts("operator");
        Locator late = changing(other);
        Locator first = changing(page);
        first.locator("[name=where]").fill("yard");
        save(first);
        assertThat(rule(page, "night")).containsText("yard");

        late.locator("[name=who]").fill("anybody");
        save(late);
        assertThat(other.locator(".answer .failure"))
                .hasText("This rule has changed since the page was loaded. Load the page again first.");

        rule(page, "night").locator("summary").click();
        rule(page, "night").locator("button.bad").click();
        assertThat(rule(page, "night")).hasCount(0);
        save(late);
        assertThat(other.locator(".answer .failure")).hasText("The rule is removed already.");
        assertThat(api.query("select 1 from facestream.alert_rule")).isEmpty();
    }

    private static Locator changing(Page page) {
        rule(page, "night").locator("summary").click();
        return rule(page, "night").locator("form.rule");
    }

    @Test
    void aRuleOfTheSettingsIsShownAndChangedThere() throws Exception {
        Page page = alerts("operator");

        assertThat(rule(page, "fixed")).containsText("is changed there");
        assertThat(rule(page, "fixed").locator("form")).hasCount(0);
    }

    @Test
    void howATargetDoesIsTold() throws Exception {
        api.execute("insert into facestream.alert_outbox (id, rule, target, source, sighting_id, subject, sequence,"
                + " change, camera, kind, first_seen, last_seen, first_appended_at, last_appended_at, frames, best,"
                + " cool_down, state, due_at, failure, done_at)"
                + " select gen_random_uuid(), 'night', a.target, '/cameras/a', a.state, 'unknown', 1, 'appeared', 'a',"
                + " 'unknown', now(), now(), now(), now(), 1, '{}', interval '0', a.state, now(), a.failure, a.done"
                + " from (values ('phone', 'sent', null, now() - interval '1 hour'),"
                + " ('phone', 'failed', 'HTTP status 404 <i>', now()), ('mail', 'sent', null, now()),"
                + " ('mail', 'waiting', null, null)) a (target, state, failure, done)");

        Page page = alerts("operator");

        Locator rows = page.locator("#targets tbody tr");
        assertThat(rows.nth(0)).containsText("mail");
        assertThat(rows.nth(0)).containsText("It took an alert");
        assertThat(rows.nth(0).locator("td.number")).hasText("1");
        assertThat(rows.nth(1)).containsText("HTTP status 404 <i>");
    }

    @Test
    void aTargetThatTheSettingsLostIsMarked() throws Exception {
        Page page = alerts("operator");
        save(fillIn(page, "night", "unknown"));
        assertThat(page.locator(".notice")).isVisible();
        api.execute("delete from facestream.alert_target where name = 'phone'");

        page.navigate("/alerts");

        assertThat(rule(page, "night")).containsText("not in the settings any more");
    }

    @Test
    void aViewerSeesAndChangesNone() throws Exception {
        Page page = browser.signedIn("viewer");
        assertThat(page.locator("nav a[href='/alerts']")).hasCount(0);

        assertThat(page.navigate("/alerts").status()).isEqualTo(403);
        page.navigate("/");
        Object status = page.evaluate(
                "async () => { const token = JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token'];"
                        + " const body = new URLSearchParams({rule: 'night'});"
                        + " const headers = {'X-Form-Token': token};"
                        + " return (await fetch('/alerts/remove', {method: 'POST', body, headers})).status; }");
        assertThat(status).isEqualTo(403);
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        save(fillIn(alerts("operator"), "night", "unknown"));
        browser.show("alerts", "/alerts");
    }
}
