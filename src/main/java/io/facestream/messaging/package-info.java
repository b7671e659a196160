/**
 * Kafka and CloudEvents plumbing; knows nothing of faces.
 *
 * <ul>
 *   <li>{@link io.facestream.messaging.Topic}: every topic with its settings; {@link
 *       io.facestream.messaging.TopicAdmin} creates what is absent and checks what is there.
 *   <li>{@link io.facestream.messaging.Stages} starts and stops the transactional stages; a {@link
 *       io.facestream.messaging.StageLoop} is one thread of one stage: poll, process, send, commit.
 *   <li>{@link io.facestream.messaging.CloudEventRecords} reads and writes CloudEvents headers, {@link
 *       io.facestream.messaging.RejectedRecords} tells what could not be processed, and why.
 * </ul>
 */
package io.facestream.messaging;
