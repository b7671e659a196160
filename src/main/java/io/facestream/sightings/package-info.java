/**
 * The role {@code sightings}: from one event a face to a few messages a visit.
 *
 * <pre>
 *  identity-events, face-embeddings --streams--> frames --visits--> sightings
 *                                                            |
 *                                     tracking: which face goes on which track
 *                                     vote:     who the track is of
 *                                     message:  what is told of it
 *                                     rows:     how its state is stored
 * </pre>
 *
 * <p>Plain Kafka Streams, not Quarkus's extension: the role starts and ends it, and other roles never load it.
 */
package io.facestream.sightings;
