package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.WebApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of views have in common: a real browser, a gallery without people, and no fault in the browser's log. */
abstract class PageTest {
    final WebApi api = new WebApi();
    final PageData data = new PageData();
    Chromium browser;

    @BeforeEach
    void openBrowser() throws Exception {
        browser = Chromium.open();
        data.clear();
    }

    @AfterEach
    void closePages() {
        assertThat(browser.closePages()).isEmpty();
    }
}
