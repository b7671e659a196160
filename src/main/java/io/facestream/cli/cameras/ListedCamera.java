package io.facestream.cli.cameras;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CamerasTopic;

/**
 * A camera as one line of JSON.
 *
 * @param fault why its definition is unusable; null if it is not
 */
record ListedCamera(String camera, @JsonUnwrapped CameraDefinition definition, String fault) {
    static ListedCamera of(String camera, CameraDefinition definition) {
        return new ListedCamera(camera, definition, null);
    }

    static ListedCamera of(CamerasTopic.Entry entry) {
        return new ListedCamera(entry.camera(), entry.definition(), entry.fault());
    }
}
