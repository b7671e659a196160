package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** People as people see them, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class PeoplePageTest extends PageTest {
    @Test
    void aPersonIsFoundByAPartOfTheName() throws Exception {
        data.person("Grace Hopper");
        data.person("Eileen Collins");
        Page page = browser.signedIn("viewer");

        page.locator("nav").getByText("People").click();
        page.getByLabel("Name").fill("coll");
        page.getByLabel("Name").press("Enter");

        assertThat(page.locator(".people strong")).hasText("Eileen Collins");
    }

    @Test
    void whoTypesANameIsOfferedThoseThatHaveItInThem() throws Exception {
        UUID grace = data.person("Grace Hopper");
        data.person("Eileen <b> Collins");
        Page page = browser.signedIn("operator");
        page.navigate("/people/" + grace);
        page.getByText("Change this person").click();

        page.getByLabel("Is the same person as").pressSequentially("coll");

        assertThat(page.locator("#names option")).hasCount(1);
        assertThat(page.locator("#names option")).hasAttribute("value", "Eileen <b> Collins");
    }

    @Test
    void aTagLeadsToAllWhoHaveIt() throws Exception {
        UUID grace = data.person("Grace Hopper");
        data.person("Eileen Collins");
        api.execute("insert into facestream.identity_tag (identity_id, tag) values (?, 'navy & staff')", grace);
        Page page = browser.signedIn("viewer");
        page.navigate("/people");

        page.getByText("navy & staff").click();

        assertThat(page.locator(".people strong")).hasText("Grace Hopper");
    }

    @Test
    void theNextPageGoesOnWhereThisOneEnds() throws Exception {
        for (int i = 0; i < 70; i++) {
            data.person("person " + (100 + i));
        }
        Page page = browser.signedIn("viewer");
        page.navigate("/people");
        assertThat(page.locator(".people strong")).hasCount(60);

        page.getByText("Further names").click();

        assertThat(page.locator(".people strong").first()).hasText("person 160");
        assertThat(page.locator(".people strong")).hasCount(10);
    }

    @Test
    void aPersonShowsPhotosTagsAndWhereTheyWereSeenLast() throws Exception {
        UUID grace = data.person("Grace Hopper");
        data.photo(grace, 0);
        data.visit("a", grace, "entrance", 90, null);
        data.visit("b", grace, "garden", 5, null);
        Page page = browser.signedIn("viewer");
        page.navigate("/people");
        assertThat(page.locator(".card")).containsText("garden");

        page.locator(".card").click();

        assertThat(page.locator("h1")).hasText("Grace Hopper");
        assertThat(page.locator(".photos img")).hasCount(1);
        assertThat(page.locator(".visit .where")).hasText(new String[] {"garden", "entrance"});
    }

    @Test
    void eachPhotoIsChosenByANameOfItsOwn() throws Exception {
        UUID person = data.person("Grace Hopper");
        data.photo(person, 0);
        data.anotherPhoto(person, "{}");
        Page page = browser.signedIn("operator");

        page.navigate("/people/" + person);

        assertThat(page.getByLabel("Choose photo 1", new Page.GetByLabelOptions().setExact(true)))
                .hasCount(1);
        assertThat(page.getByLabel("Choose photo 2", new Page.GetByLabelOptions().setExact(true)))
                .hasCount(1);
    }

    @Test
    void whoWasMergedIsFoundAsTheOtherOne() throws Exception {
        UUID grace = data.person("Grace Hopper");
        UUID amazing = data.person("Amazing Grace");
        data.visit("a", amazing, "entrance", 3, null);
        api.execute("update facestream.identity set merged_into = ? where id = ?", grace, amazing);
        Page page = browser.signedIn("viewer");

        page.navigate("/people/" + amazing);

        assertThat(page.locator("h1")).hasText("Grace Hopper");
        assertThat(page.locator("header.person")).containsText("Amazing Grace");
        assertThat(page.locator(".visit h3")).hasText("Grace Hopper");
    }

    @Test
    void whoLooksAlikeIsToldNearestFirstAndIsARowOfTheAuditTrail() throws Exception {
        UUID grace = data.person("Grace Hopper");
        data.photo(grace, 0);
        data.photo(data.person("Far Away"), 9);
        data.photo(data.person("Twin Hopper"), 1);
        Page page = browser.signedIn("operator");
        page.navigate("/people/" + grace);

        page.getByText("Compare with everybody").click();

        assertThat(page.locator(".people strong")).hasText(new String[] {"Twin Hopper", "Far Away"});
        assertThat(page.locator(".people li").first()).containsText("0.77");
        assertThat(api.query("select detail ->> 'userName' from facestream.audit where action = 'search'"
                        + " order by id desc limit 1"))
                .isEqualTo(List.of("operator"));
    }

    @Test
    void everybodyCanUseWhoLooksAlike() throws Exception {
        List<UUID> people = data.sampleGallery();
        data.photo(data.person("Nobody with a photo, and with a name that is rather long"), 3);

        browser.show("alike", "/people/" + people.get(0), page -> {
            page.locator("[hx-get$='/alike']").click();
            page.locator(".people form").last().scrollIntoViewIfNeeded();
        });
    }

    @Test
    void aViewerMaySearchNobodyByAFace() throws Exception {
        UUID grace = data.person("Grace Hopper");
        Page page = browser.signedIn("viewer");

        assertThat(page.navigate("/people/" + grace + "/alike").status()).isEqualTo(403);
        page.navigate("/people/" + grace);
        assertThat(page.getByText("Compare with everybody")).hasCount(0);
    }

    @Test
    void somebodyWhoIsNotThereIsSaidNotToBe() throws Exception {
        Page page = browser.signedIn("viewer");

        assertThat(page.navigate("/people/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(page.navigate("/people/nobody").status()).isEqualTo(404);
        assertThat(page.locator("h1")).hasText("This is not here.");
    }

    @Test
    void everybodyCanUseTheListAndAPerson() throws Exception {
        String hostile = "<script>alert(1)</script>\"'>";
        UUID person = data.person(hostile);
        data.photo(person, 0);
        data.visit("a", person, "entrance", 3, null);
        api.execute("insert into facestream.identity_tag (identity_id, tag) values (?, '<b>tag</b>')", person);
        data.person("محمد بن عبد الله");
        data.person("x".repeat(256));
        Page page = browser.signedIn("viewer");

        page.navigate("/people");
        assertThat(page.locator(".people strong").first()).hasText(hostile);

        browser.show("people", "/people");
        browser.show("person", "/people/" + person);
    }

    @Test
    void anEmptyGallerySaysWhatToDoFirst() throws Exception {
        Page page = browser.signedIn("viewer");

        page.navigate("/people");

        assertThat(page.locator(".empty")).containsText("./facestream enrol");
    }

    @Test
    void theLinkToAddPhotosLeadsToAnOpenForm() throws Exception {
        Page page = browser.signedIn("operator");

        page.getByText("Add photos of somebody here").click();

        assertThat(page.locator("form.drop [type=file]")).isVisible();
    }
}
