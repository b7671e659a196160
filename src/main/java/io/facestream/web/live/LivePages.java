package io.facestream.web.live;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The template of this view. */
@CheckedTemplate(basePath = "page")
final class LivePages {
    private LivePages() {}

    static native TemplateInstance live(Reader reader);
}
