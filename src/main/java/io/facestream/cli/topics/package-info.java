/**
 * The commands' side of Kafka: publish records, follow a topic, wait for a broker.
 */
package io.facestream.cli.topics;
