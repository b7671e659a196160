/**
 * The gallery as a file: a zip with people and photos as lines of JSON and each photo's face as a PNG. docs/gallery.md
 * describes it. An archive is read and written by the commands of the schema's owner, and travels on no topic.
 */
package io.facestream.gallery.archive;
