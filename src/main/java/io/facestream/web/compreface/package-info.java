/**
 * The REST API of CompreFace, as far as it reads: recognition, detection, verification and lists, for programs that
 * were written for it. Paths, parameters and fields are those of CompreFace 1.2's REST description; {@code docs/rest.md}
 * says what differs.
 */
package io.facestream.web.compreface;
