package io.facestream.web.models;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of this view. */
@CheckedTemplate(basePath = "page")
final class ModelPages {
    private ModelPages() {}

    static native TemplateInstance models(Reader reader, Versions shown);

    static native TemplateInstance versions(Reader reader, Versions shown);
}
