/**
 * Pictures from outside: the headers of camera records, bounded decoding of JPEG, PNG and WebP, and photo files of
 * people.
 *
 * <pre>
 *  record --CameraFrame--> who, where, when          bytes --PictureFormat (size)--> PictureDecoder--> Picture (RGB)
 *  file   --PhotoFile-----> JPEG, PNG or WebP; HEIC and AVIF are converted
 * </pre>
 */
package io.facestream.frames;
