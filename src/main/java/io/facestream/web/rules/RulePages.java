package io.facestream.web.rules;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The template of this view. */
@CheckedTemplate(basePath = "page")
final class RulePages {
    private RulePages() {}

    static native TemplateInstance alerts(Reader reader, Rules shown, String done);
}
