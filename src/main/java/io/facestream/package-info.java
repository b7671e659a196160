/** FaceStream. */
package io.facestream;
