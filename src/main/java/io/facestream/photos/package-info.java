/**
 * Folders of labelled photos: found, decoded, degraded on request, embedded, and remembered by their content.
 *
 * <pre>
 *  folder --LabelledPhotos--> PhotoBytes --PhotoEmbedder (detect, align, embed)--> EmbeddedPhoto --> PhotoSet
 * </pre>
 */
package io.facestream.photos;
