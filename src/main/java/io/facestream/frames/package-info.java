/**
 * Pictures from outside: what a camera's record says, and its JPEG, PNG or WebP decoded within bounds; photos of people as well.
 *
 * <pre>
 *  record --CameraFrame--> who, where, when          bytes --PictureFormat (header, size)--> PictureDecoder--> Picture (BGR)
 *  file   --PhotoFile-----> JPEG, PNG or WebP; HEIC and AVIF made into one
 * </pre>
 */
package io.facestream.frames;
