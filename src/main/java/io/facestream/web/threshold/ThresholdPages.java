package io.facestream.web.threshold;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The template of this view. */
@CheckedTemplate(basePath = "page")
final class ThresholdPages {
    private ThresholdPages() {}

    static native TemplateInstance threshold(Reader reader, Comparison comparison);
}
