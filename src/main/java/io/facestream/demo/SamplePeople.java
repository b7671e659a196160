package io.facestream.demo;

import io.facestream.cli.people.Enrolment;
import io.facestream.cli.people.Enrolment.LabelledPhoto;
import io.facestream.configuration.Settings;
import io.facestream.messaging.RejectedException;
import java.util.List;

/** The people whom the demo enrols. */
public final class SamplePeople {
    private SamplePeople() {}

    /** Enrols them by the running service, and returns the outcome for each. */
    public static List<Enrolment.Result> enrol(Settings settings) throws RejectedException {
        List<LabelledPhoto> photos = SamplePortrait.all().stream()
                .filter(SamplePortrait::known)
                .map(portrait -> new LabelledPhoto(portrait.resource(), portrait.name(), portrait::photo))
                .toList();
        return new Enrolment(settings, "").enrol(photos, () -> {});
    }

    /** A photo of one of them: JPEG bytes. */
    public static byte[] photo() {
        return SamplePortrait.all().get(0).photo();
    }
}
