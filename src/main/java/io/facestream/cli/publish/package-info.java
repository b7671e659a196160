/**
 * Frames in and events out: {@code publish} plays pictures, clips and streams to Kafka, {@code watch} shows identity
 * events.
 */
package io.facestream.cli.publish;
