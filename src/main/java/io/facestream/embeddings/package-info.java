/**
 * From chips to points on the unit sphere.
 *
 * <pre>
 *  chip, 160x160 --FaceEmbedder--> Embedding (unit vector, norm)
 * </pre>
 */
package io.facestream.embeddings;
