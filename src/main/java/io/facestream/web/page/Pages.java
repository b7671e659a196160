package io.facestream.web.page;

import io.facestream.web.Problem;
import io.facestream.web.people.Person;
import io.facestream.web.visits.Visit;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;

/** The templates, by the names of their files in {@code templates/page}. */
@CheckedTemplate(basePath = "page")
public final class Pages {
    public static final String HTML = "text/html;charset=UTF-8";

    private static final int SEE_OTHER = 303;

    private Pages() {}

    /** Leads to a path of this site, whatever a proxy calls it. */
    static Response.ResponseBuilder redirect(String path) {
        return Response.status(SEE_OTHER).header(HttpHeaders.LOCATION, path);
    }

    static native TemplateInstance signin(Reader reader, String next, String failure, String provider, String name);

    static native TemplateInstance problem(Reader reader, Problem problem);

    static native TemplateInstance trouble(Problem problem);

    static native TemplateInstance today(Reader reader, VisitFilter filter, Listing listing, List<String> cameras);

    static native TemplateInstance newest(Reader reader, Listing listing);

    static native TemplateInstance earlier(Reader reader, Listing listing);

    static native TemplateInstance people(Reader reader, Person.Listing listing);

    static native TemplateInstance names(List<String> names);

    static native TemplateInstance person(
            Reader reader, Person person, List<Person.Photo> photos, Listing listing, Change.Done done);

    static native TemplateInstance strangers(Reader reader, Stranger.Listing listing, String done);

    static native TemplateInstance alike(Reader reader, UUID person, List<Person.Alike> people);

    static native TemplateInstance visit(Reader reader, Visit visit, boolean hasFrame, UUID done, boolean undone);

    static native TemplateInstance change(Reader reader, Change change);

    static native TemplateInstance photo(String outcome, String remark);
}
