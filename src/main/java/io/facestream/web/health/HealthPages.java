package io.facestream.web.health;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of this view. */
@CheckedTemplate(basePath = "page")
final class HealthPages {
    private HealthPages() {}

    static native TemplateInstance health(Reader reader, Health health);

    static native TemplateInstance broker(Reader reader, Broker broker, Rejects rejects);
}
