/**
 * The REST API of CompreFace: recognition, detection, verification, people and photos, for programs that were written
 * for it. Paths, parameters and fields are those of CompreFace 1.2's REST description; {@code docs/rest.md}
 * says what differs.
 */
package io.facestream.web.compreface;
