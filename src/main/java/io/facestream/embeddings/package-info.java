/**
 * The role {@code embedding}: chips in, points on the unit sphere out. Weights are swapped at run time.
 *
 * <pre>
 *  chip, 160x160 --FaceEmbedder--> Embedding (unit vector, norm)
 *  model-releases --ReleaseWatch--> ActiveNetwork: the weights in force
 * </pre>
 */
package io.facestream.embeddings;
