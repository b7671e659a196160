/**
 * The role that films: from the compacted topic {@code cameras}, which says who films, to {@code camera-frames}.
 *
 * <pre>
 *  cameras --> SharedCameras --- a Crew for each partition --- CameraWork, a thread for each camera
 *    |         (a consumer group)       |                        video, MotionGate
 *    `-------> HostCameras ------ one Crew                          |
 *              (all partitions)         |--- FrameSender <----------' ---> camera-frames
 *                                       |    (transactions that fence)
 *                                       `--- StateReports ---------------> camera-states
 * </pre>
 *
 * <p>{@link io.facestream.cameras.CameraDefinition} is what may be said about a camera. A {@code Crew} starts and stops
 * cameras; its {@code Lease} says whether this process still may. A camera's {@code CameraState} is in the metrics,
 * and on the topic.
 *
 * <p>Plain Kafka clients, no channels of SmallRye: a share has to be read from its beginning at each assignment before
 * anything starts, cameras have to stop before a revocation completes, and a frame may only be sent while the group has
 * answered within a session. Each of these is a moment of the consumer's own thread, which a channel hides. And only a
 * transactional id fences a process that was frozen, and wakes up after another has taken its cameras over.
 */
package io.facestream.cameras;
