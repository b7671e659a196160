package io.facestream.web.map;

import io.facestream.web.page.Reader;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The template of this view. */
@CheckedTemplate(basePath = "page")
final class MapPages {
    private MapPages() {}

    static native TemplateInstance peoplemap(Reader reader, PeopleMap shown);
}
