/**
 * The topology: from identity events and embeddings to sightings, exactly once.
 *
 * <pre>
 *  face-embeddings --InputReader--+                            +--> sightings, to the partition that was read
 *                                 +--> SightingsProcessor -----+
 *  identity-events --InputReader--+      |           |         `--> rejected-records
 *                                 PendingFrames   CameraVisits
 *                                        |           |
 *                                 store "pending"  store "visits", both in memory with a changelog
 * </pre>
 *
 * <p>A frame goes on when its marks on both topics have been read. What is on the heap besides the stores can be read
 * from them again, but for names.
 */
package io.facestream.sightings.streams;
