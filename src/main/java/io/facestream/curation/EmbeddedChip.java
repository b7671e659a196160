package io.facestream.curation;

import io.facestream.gallery.LiveEmbeddings;

/**
 * An aligned face with its vectors.
 *
 * @param png 160x160 pixels
 * @param embeddings under every version that was live when it was embedded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EmbeddedChip(byte[] png, LiveEmbeddings embeddings) {}
