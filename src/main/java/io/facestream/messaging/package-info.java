/**
 * Topics and their content: CloudEvents over Kafka, JSON, names. Independent of faces.
 *
 * <ul>
 *   <li>{@link io.facestream.messaging.Topic}: every topic with its settings; {@link
 *       io.facestream.messaging.TopicAdmin} creates missing topics and checks existing ones.
 *   <li>{@link io.facestream.messaging.CloudEventRecords} reads and writes CloudEvents headers; a record that cannot be
 *       processed raises a {@link io.facestream.messaging.RejectedException} with its {@link
 *       io.facestream.messaging.RejectReason}.
 *   <li>{@link io.facestream.messaging.KafkaConnection}: broker, TLS and login of every Kafka client.
 * </ul>
 */
package io.facestream.messaging;
