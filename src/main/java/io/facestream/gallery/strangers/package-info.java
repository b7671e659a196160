/**
 * Passers-by who match nobody and are kept for a while: whether, by which rule a face is one's, and the search.
 * In the service curation alone writes them, by the functions of {@code R__strangers.sql}.
 */
package io.facestream.gallery.strangers;
