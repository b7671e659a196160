/**
 * Folders of labelled photos: finds, decodes, degrades (on request) and embeds them, and caches results by content.
 *
 * <pre>
 *  folder --LabelledPhotos--> PhotoBytes --PhotoEmbedder (detect, align, embed)--> EmbeddedPhoto --> PhotoSet
 * </pre>
 */
package io.facestream.photos;
