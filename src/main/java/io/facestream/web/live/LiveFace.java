package io.facestream.web.live;

import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;

/**
 * A face of a frame, as the browser draws it.
 *
 * @param left of its box, like the others a fraction of the picture's width or height, 0 to 1
 * @param decision what was decided
 * @param name of whom it is; null unless they are known
 */
record LiveFace(float left, float top, float width, float height, Identification.Decision decision, String name) {
    static LiveFace of(IdentityEvent event) {
        IdentityEvent.BoxRatios box = event.face().boxRatios();
        return new LiveFace(
                box.left(),
                box.top(),
                box.width(),
                box.height(),
                event.judgement().decision(),
                event.judgement().name());
    }
}
