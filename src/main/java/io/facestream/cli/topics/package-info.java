/** The commands' side of Kafka: publishing records, following a topic, waiting for a broker. */
package io.facestream.cli.topics;
