/**
 * The data that a training learns from: labelled faces read from Kafka, chips on disk, batches of people and photos.
 */
package io.facestream.training.data;
