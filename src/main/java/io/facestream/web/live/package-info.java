/**
 * The view Live: what the cameras show now, with the faces that were recognised in it. Frames and events are read while
 * somebody looks; no picture is decoded here, and none is kept when the last viewer leaves.
 *
 * <pre>
 *  camera-frames ---+
 *                   +--LiveTopic--> Wall --newest view of each camera--> Viewer --LiveSocket--> browser
 *  identity-events -+                                                      |
 *                                                     LiveLooks: may it, and a row in the audit trail
 * </pre>
 */
package io.facestream.web.live;
