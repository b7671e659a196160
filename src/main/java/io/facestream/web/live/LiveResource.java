package io.facestream.web.live;

import io.facestream.web.keys.Roles;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page of what the cameras show now; its pictures come by {@link LiveSocket}. */
@Path("/live")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class LiveResource {
    private final Readers readers;

    LiveResource(Readers readers) {
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance live() {
        Reader reader = readers.signedIn();
        return LivePages.live(reader).setLocale(reader.locale());
    }
}
