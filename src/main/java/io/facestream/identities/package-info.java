/**
 * The role {@code matching}: embeddings in, identity events out.
 *
 * <pre>
 *  face-embeddings --MatchingBatch--> Matcher: GallerySearch, then Decider (rule, bounds)--> identity-events
 * </pre>
 *
 * <p>{@link io.facestream.identities.Decider} is where the threshold is decided.
 */
package io.facestream.identities;
