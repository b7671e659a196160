/**
 * People manage people: {@code gallery-commands} are stored by {@link io.facestream.curation.CommandBatch}, worked on
 * by {@link io.facestream.curation.CurationWorker}, and answered on {@code gallery-events}. What a command does is one
 * SQL function and one transaction, which {@link io.facestream.curation.GalleryChanges} calls. Whether an erasure has
 * left nothing is looked after by {@link io.facestream.curation.Verification}.
 */
package io.facestream.curation;
